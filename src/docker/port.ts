import { BackendError, type BackendErrorKind, type BackendErrorOptions } from '../diagnostics/backend-error.ts'
import type { ContainerSpec, EndpointSpec, HealthSpec, NetworkSpec, VolumeSpec } from './spec.ts'

/**
 * The narrow port to a Docker engine: everything flotilla asks of one, in own types. Every method is one API call
 * (https://docs.docker.com/reference/api/engine/), named in its comment. A failed call throws an EngineError; what is not there
 * is `undefined` for inspects, and an EngineError with status 404 for writes. Once a signal aborts, calls and iterations that were given
 * it reject with its reason. test/docker/engine-contract.ts says the rest, and holds every implementation to it.
 */
export interface Engine extends EngineReader, EngineWriter {
  /** Where it runs; absent: on this machine. */
  readonly location?: EngineLocation
}

export interface EngineLocation {
  /** Whether it sees another file system than flotilla: paths of bind mounts would mean other directories. */
  remote: boolean
  /** The path of its socket on its own machine, where one is known. */
  socket?: string
  /** Directories that both machines have in common, e.g. on a network file system. */
  shared: string[]
}

/** As `auths` of Docker's configuration file holds them. */
export interface RegistryCredentials {
  username?: string
  password?: string
  identitytoken?: string
  serveraddress: string
}

export interface EngineReader {
  /** GET /version */
  version(signal?: AbortSignal): Promise<EngineVersion>
  /** As `version` reports it, e.g. `1.41`, from a header of GET /_ping: for the other facts an engine first asks its helpers. */
  apiVersion(signal?: AbortSignal): Promise<string>
  /** GET /containers/json?all=true */
  listContainers(filter: Filter, signal?: AbortSignal): Promise<ContainerSummary[]>
  /** GET /containers/{id}/json */
  inspectContainer(id: string, signal?: AbortSignal): Promise<ContainerDetail | undefined>
  /** GET /networks */
  listNetworks(filter: Filter, signal?: AbortSignal): Promise<NetworkDetail[]>
  /** GET /networks/{id} */
  inspectNetwork(id: string, signal?: AbortSignal): Promise<NetworkDetail | undefined>
  /** GET /volumes */
  listVolumes(filter: Filter, signal?: AbortSignal): Promise<VolumeDetail[]>
  /** GET /volumes/{name} */
  inspectVolume(name: string, signal?: AbortSignal): Promise<VolumeDetail | undefined>
  /** GET /images/json */
  listImages(signal?: AbortSignal): Promise<ImageSummary[]>
  /** GET /images/{name}/json */
  inspectImage(reference: string, signal?: AbortSignal): Promise<ImageDetail | undefined>
  /** The user's credentials for registries, by server address. No call: the user's Docker configuration is read. */
  registryCredentials(): Promise<Record<string, RegistryCredentials>>
  /**
   * The variables for proxies that the user's Docker configuration gives new containers and builds, by name. No call; absent: none.
   */
  proxyVariables?(): Record<string, string>
  /**
   * GET /distribution/{name}/json, with the credentials of the user's Docker configuration: the digest (`sha256:…`) that the
   * image's registry has under that name now.
   */
  registryDigest(reference: string, signal?: AbortSignal): Promise<string>
  /** GET /events. Resolves once the response's headers are there: from then on nothing is missed. */
  events(filter: EventFilter, signal: AbortSignal): Promise<AsyncIterable<EngineEvent>>
  /** GET /containers/{id}/top: its processes, as `ps` of the engine's machine lists them. Refused for one that does not run. */
  processes(id: string, signal?: AbortSignal): Promise<ProcessList>
  /** GET /containers/{id}/stats: every second, or one sample about a second from now. One that does not run uses nothing. */
  stats(id: string, options: { stream: boolean }, signal: AbortSignal): AsyncIterable<StatsSample>
  /** GET /containers/{id}/logs, frames taken apart into lines. */
  logs(id: string, options: EngineLogOptions, signal: AbortSignal): AsyncIterable<EngineLogLine>
  /**
   * GET /containers/{id}/archive: the start of a regular file in a container, running or not, its volumes and directories included.
   * `undefined` where there is none. `limit` in bytes.
   */
  readFile(id: string, path: string, options: { limit: number }, signal?: AbortSignal): Promise<FileContent | undefined>
  /** HEAD /containers/{id}/archive: what lies at a path of a container; a link at its end is not followed. `undefined` where there is nothing. */
  statPath(id: string, path: string, signal: AbortSignal): Promise<PathStat | undefined>
  /** GET /containers/{id}/archive: a file or folder as a tar archive, whose one root has the path's last name. Resolves once it begins. */
  getArchive(id: string, path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>
  /** GET /containers/{id}/export: the whole file system, without volumes, as a tar archive. Resolves once it begins. */
  exportContainer(id: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>
}

export interface EngineWriter {
  /** POST /containers/create */
  createContainer(name: string, spec: ContainerSpec, platform?: string): Promise<{ id: string; warnings: string[] }>
  /** POST /containers/{id}/start; starting a running one is no error. */
  startContainer(id: string): Promise<void>
  /** POST /containers/{id}/stop; grace in seconds. Stopping a stopped one is no error. */
  stopContainer(id: string, options: { grace?: number }): Promise<void>
  /** POST /containers/{id}/kill */
  killContainer(id: string, signal: string): Promise<void>
  /** POST /containers/{id}/pause; refused for one that is paused already, or does not run. */
  pauseContainer(id: string): Promise<void>
  /** POST /containers/{id}/unpause; refused for one that is not paused. */
  unpauseContainer(id: string): Promise<void>
  /** DELETE /containers/{id}; `volumes` also deletes its anonymous volumes. One that is gone, or going, is no error. */
  removeContainer(id: string, options: { force: boolean; volumes: boolean }): Promise<void>
  /** POST /containers/{id}/rename */
  renameContainer(id: string, name: string): Promise<void>
  /** POST /containers/{id}/update */
  setRestartPolicy(id: string, policy: { name: string; maximumRetryCount?: number }): Promise<void>
  /** POST /networks/create */
  createNetwork(spec: NetworkSpec): Promise<{ id: string }>
  /** DELETE /networks/{id} */
  removeNetwork(id: string): Promise<void>
  /** POST /networks/{id}/connect */
  connectNetwork(id: string, container: string, endpoint: EndpointSpec): Promise<void>
  /** POST /networks/{id}/disconnect */
  disconnectNetwork(id: string, container: string, options: { force: boolean }): Promise<void>
  /** POST /volumes/create */
  createVolume(spec: VolumeSpec): Promise<void>
  /** DELETE /volumes/{name} */
  removeVolume(name: string): Promise<void>
  /** POST /images/create, with the credentials of the user's Docker configuration. */
  pullImage(reference: string, options: PullOptions): Promise<void>
  /** POST /images/{name}/push, with the credentials of the user's Docker configuration. */
  pushImage(reference: string, options: PushOptions): Promise<void>
  /** POST /build with the context directory sent as a tar stream. */
  buildImage(spec: BuildSpec, options: BuildOptions): Promise<{ imageId: string }>
  /**
   * A source of a build, its Dockerfile or a file of its context, that was changed after a time, in milliseconds since the epoch, and is none
   * of certain absolute paths. Absent if that cannot be determined.
   */
  newerSource?(spec: SourcesSpec, time: number, passedOver: ReadonlySet<string>): Promise<string | undefined>
  /** POST /images/{name}/tag. A name that the image has already is no error: the time of its last tagging is renewed. */
  tagImage(image: string, reference: string): Promise<void>
  /** DELETE /images/{name}; a tag is only taken off while the image has others. One that is gone is no error. */
  removeImage(reference: string): Promise<void>
  /**
   * POST /containers/{id}/exec and /exec/{id}/start; output is stdout and stderr together, its last 64 KiB; `onOutput` gets all of it as it arrives.
   * A command that could not be run is refused with 400 and the engine's reason; one whose container does not run, or ends at that moment,
   * with 409, 404, 500 or 400, and one that was running then ends with 137.
   */
  exec(
    id: string,
    spec: ExecSpec,
    signal: AbortSignal,
    onOutput?: (chunk: OutputChunk) => void,
  ): Promise<{ exitCode: number; output: string }>
  /** POST /containers/{id}/exec; the result is what the following calls take. */
  createExec(id: string, spec: InteractiveExec, signal: AbortSignal): Promise<string>
  /** POST /exec/{id}/start, and nobody listens. */
  startExec(exec: string, options: { tty: boolean }, signal: AbortSignal): Promise<void>
  /** POST /exec/{id}/start, upgraded to a stream. */
  attachExec(exec: string, options: { tty: boolean }, signal: AbortSignal): Promise<EngineStream>
  /** GET /exec/{id}/json; it has begun once there has been a process, which there never was where the engine could not run the command. */
  inspectExec(exec: string, signal: AbortSignal): Promise<{ running: boolean; hasBegun: boolean; exitCode?: number }>
  /** POST /exec/{id}/resize; refused before its program runs. */
  resizeExec(exec: string, size: TerminalSize): Promise<void>
  /** POST /containers/{id}/attach, upgraded to a stream: what the container prints from now on; before its start: everything. */
  attachContainer(id: string, options: AttachOptions, signal: AbortSignal): Promise<EngineStream>
  /** POST /containers/{id}/resize; refused for one that does not run. */
  resizeContainer(id: string, size: TerminalSize): Promise<void>
  /** POST /containers/{id}/wait. Resolves once the engine waits: an end after that is not missed. */
  waitContainer(
    id: string,
    until: 'next-exit' | 'removed',
    signal: AbortSignal,
  ): Promise<{ exitCode(): Promise<number> }>
  /** PUT /containers/{id}/archive */
  putFiles(id: string, directory: string, files: FileEntry[]): Promise<void>
  /**
   * PUT /containers/{id}/archive: unpacks a tar archive in a folder of a container. Entries keep their owners, or belong to the container's
   * user. A folder does not take the place of something else, nor the other way round.
   */
  putArchive(
    id: string,
    directory: string,
    archive: AsyncIterable<Uint8Array>,
    options: { asUser: boolean },
    signal: AbortSignal,
  ): Promise<void>
  /** POST /commit: an image of a container's file system. Resolves to its id. */
  commitContainer(id: string, options: CommitOptions, signal: AbortSignal): Promise<string>
}

export interface EngineErrorOptions extends BackendErrorOptions {
  /** By default it follows from the status and the message. */
  kind?: BackendErrorKind
}

/** A failed call. `status` is HTTP's; undefined where the engine did not answer, or failed in the middle of its answer. */
export class EngineError extends BackendError {
  override readonly name = 'EngineError'
  constructor(
    message: string,
    readonly status?: number,
    { kind, ...options }: EngineErrorOptions = {},
  ) {
    const text = shortened(message.trim() || unsaid(options.cause, status))
    super(kind ?? kindOf(text, status), text, options)
  }
}

/** A failure that is reported within an answer, or around the call: it has no status. */
export function failedInside(message: string): EngineError {
  return new EngineError(message, undefined, { kind: 'failed' })
}

/** dockerd's answers with status 500 or 503 while it shuts down, and while it has lost containerd. */
const SHUTTING_DOWN = /daemon is shutting down|transport is closing|client connection is closing|containerd\.sock/

function kindOf(message: string, status: number | undefined): BackendErrorKind {
  if (status === undefined || (status >= 500 && SHUTTING_DOWN.test(message))) return 'unreachable'
  if (status >= 500) return 'failed'
  if (status === 404) return 'gone'
  if (status === 409) return 'conflict'
  return status >= 400 ? 'refused' : 'invalid'
}

/** Replaces an empty message. Attempts at several addresses fail with one error each, and without a message for all. */
function unsaid(cause: unknown, status: number | undefined): string {
  const errors: unknown[] = cause instanceof AggregateError ? cause.errors : [cause]
  const said = errors.flatMap((each) => (each instanceof Error && each.message !== '' ? each.message : []))
  if (said.length > 0) return [...new Set(said)].join('; ')
  return `the engine gave no reason${status === undefined ? '' : ` (status ${status})`}; see the engine's log`
}

const LONGEST_MESSAGE = 2000

function shortened(message: string): string {
  return message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}… (cut)` : message
}

export interface EngineVersion {
  version: string
  /** E.g. `1.41`. */
  apiVersion: string
  os: string
  arch: string
}

/** All given must match. Labels are `name` or `name=value`. */
export interface Filter {
  labels?: string[]
  names?: string[]
}

export type ContainerState = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead'
export type Health = 'starting' | 'healthy' | 'unhealthy'

/** A container in a list: without aliases, restart policy and start time. */
export interface ContainerSummary {
  id: string
  /** Without the leading slash. */
  name: string
  image: string
  imageId: string
  command: string
  labels: Record<string, string>
  state: ContainerState
  /** The engine's sentence, e.g. `Up 2 minutes (healthy)`, `Exited (1) 3 seconds ago`. */
  status: string
  /** Taken from the sentence; absent for a container without a health test. */
  health?: Health
  exitCode?: number
  /** Seconds since the epoch. */
  created: number
  networks: Record<string, { networkId: string; ipAddress: string }>
  /** As it was given at creation: a network by name or by id, or `host`, `none`, `container:ID`, `default`. */
  networkMode?: string
  mounts: MountPoint[]
  ports: { hostIp?: string; published?: number; target: number; protocol: string }[]
}

export interface MountPoint {
  type: string
  /** A volume's name; absent for binds and tmpfs. */
  name?: string
  source: string
  target: string
  readOnly: boolean
  /** A volume's, as `local`. */
  driver?: string
}

export interface ProcessList {
  titles: string[]
  /** A text for each title. */
  processes: string[][]
}

/** What a container has used since its start. Processor time in nanoseconds, everything else in bytes. */
export interface StatsSample {
  cpu: CpuTime
  /** A second before; zero in the first sample of a stream. */
  cpuBefore: CpuTime
  /** How many processors there are. */
  cpus: number
  /** With the cache of files that were not read lately taken off. */
  memory: number
  memoryLimit: number
  /** Of all networks. */
  received: number
  sent: number
  read: number
  written: number
  processes: number
}

/** Of the container, and of the whole machine. */
export interface CpuTime {
  own: number
  all: number
}

export interface ContainerDetail {
  id: string
  name: string
  /** The image as it was named at creation, and the id that it had. */
  image: string
  imageId: string
  labels: Record<string, string>
  state: ContainerState
  /** Paused ones run too; one that has ended and is about to be started again does not. */
  running: boolean
  exitCode: number
  oomKilled: boolean
  error: string
  /** RFC 3339; `undefined` if never. */
  startedAt?: string
  finishedAt?: string
  restartCount: number
  health?: { status: Health; failingStreak: number; log: ProbeResult[] }
  /** The create call's body as the engine kept it, image defaults filled in. */
  spec: ContainerSpec
  /** By network name. */
  networks: Record<string, EndpointDetail>
  mounts: MountPoint[]
}

export interface EndpointDetail {
  networkId: string
  endpointId: string
  ipAddress: string
  /** The IPv6 address that it has. */
  globalIpv6?: string
  aliases: string[]
  /** Static addresses as asked for. */
  ipv4?: string
  ipv6?: string
  /** Its address, current or requested. */
  mac?: string
}

export interface ProbeResult {
  /** RFC 3339. */
  start: string
  end: string
  exitCode: number
  output: string
}

export interface NetworkDetail {
  id: string
  name: string
  driver: string
  labels: Record<string, string>
  internal: boolean
  attachable: boolean
  enableIPv6: boolean
  options: Record<string, string>
  ipam: { driver: string; config: PoolDetail[] }
  /** RFC 3339. */
  created: string
  /** Ids of the connected containers; only in the answer to an inspect, not in lists. */
  containers?: string[]
}

export interface PoolDetail {
  subnet?: string
  gateway?: string
  ipRange?: string
  /** Addresses that are taken already, by host name. */
  taken?: Record<string, string>
}

export interface VolumeDetail {
  name: string
  driver: string
  labels: Record<string, string>
  options: Record<string, string>
  mountpoint: string
  /** `local`, or `global` for one that several machines share. */
  scope: string
}

export type SourcesSpec = Pick<BuildSpec, 'context' | 'dockerfile' | 'dockerfileInline'>

export interface ImageSummary {
  id: string
  labels: Record<string, string>
  tags: string[]
  digests: string[]
}

export interface ImageDetail {
  id: string
  tags: string[]
  /** `name@sha256:…`, one for each registry that it came from. */
  digests: string[]
  /** Mount points that the image declares as volumes. */
  volumes: string[]
  /** `5432/tcp`, … */
  exposedPorts: string[]
  env: string[]
  entrypoint: string[]
  cmd: string[]
  user: string
  healthcheck?: string[]
  /** The whole of it, where intervals are set too. */
  health?: HealthSpec
  workingDir?: string
  stopSignal?: string
  labels: Record<string, string>
  os: string
  architecture: string
  /** Of the processor, as `v8`. */
  variant?: string
  /** Bytes. */
  size: number
  /** RFC 3339; absent if the image does not say it. */
  created?: string
  /** When a name was last given to it, RFC 3339; absent if the engine does not report it, as for images that were only pulled. */
  tagged?: string
}

export interface EventFilter {
  /** `container`, `network`, `volume`, `image`. */
  types: string[]
  labels?: string[]
  /** Only what is past, as far as the engine remembers (its last 256 events): from that time to that one, in seconds since the epoch. */
  past?: { since: number; until: number }
  /** Seconds since the epoch. From a time on: what the engine remembers first. Until a time: the stream ends then. */
  since?: string
  until?: string
}

export interface EngineEvent {
  type: string
  /** `start`, `die`, `destroy`, `health_status: healthy`, … */
  action: string
  /** The id of the container, network, …. */
  id: string
  attributes: Record<string, string>
  /** Nanoseconds since the epoch, as the engine's clock has it. */
  timeNano: bigint
}

export interface EngineLogOptions {
  follow: boolean
  tail?: number
  timestamps: boolean
  /** Unix seconds (fractions allowed) or RFC 3339. */
  since?: string
  until?: string
}

export interface EngineLogLine {
  stream: 'stdout' | 'stderr'
  text: string
  time?: string
}

export interface PullOptions {
  platform?: string
  signal: AbortSignal
  /** Bytes over all layers, as far as known. */
  onProgress(text: string, done?: number, total?: number): void
}

export type PushOptions = Omit<PullOptions, 'platform'>

export interface BuildSpec {
  /** Absolute path of the context directory, or the URL of a Git repository or an archive, which the engine fetches itself. */
  context: string
  /** Relative to the context, or absolute for one outside it. */
  dockerfile: string
  /** The Dockerfile's text, instead of a file. */
  dockerfileInline?: string
  tags: string[]
  args: Record<string, string | null>
  labels: Record<string, string>
  target?: string
  platform?: string
  network?: string
  cacheFrom: string[]
  extraHosts: string[]
  shmSize?: number
  noCache: boolean
  pull: boolean
  /** Further contexts by name, for `FROM` and `--from`. */
  contexts?: Record<string, NamedContext>
  /** For `RUN --mount=type=secret`: the id there, and what `BuildOptions.contentOf` knows it by. */
  secrets?: { id: string; content: string }[]
  /** For `RUN --mount=type=ssh`: the id there, and private key files or an agent's socket; without one the user's agent. */
  ssh?: { id: string; paths: string[] }[]
  ulimits?: { Name: string; Soft: number; Hard: number }[]
  isolation?: string
  /** Of the classic builder's containers, in bytes. */
  memory?: number
  /** Records in the image where its layers come from, so that a registry's copy can be a cache (`cache_to: type=inline`). */
  inlineCache?: boolean
}

export type NamedContext = { kind: 'directory'; path: string } | { kind: 'image'; reference: string }

export interface BuildOptions {
  signal: AbortSignal
  /** One line of what the build does now, with the step's number and their count where known. */
  onProgress(text: string, done?: number, total?: number): void
  /** Every line of the build's output, once. */
  onOutput(line: string): void
  /** Called before a failed build throws. */
  onFailed?(failed: FailedStep): void
  /** The content of a secret. */
  contentOf?(key: string): Uint8Array | undefined
  /** Called with what the builder cannot do, in the words of the stack file. */
  onIgnored?(what: string, why: string): void
}

export interface FailedStep {
  /** The engine's sentence, with the step that failed where the answer names it. */
  sentence: string
  /** Its instruction, on one line: `RUN make all`. */
  step?: string
  /** The last lines of that step's output. */
  log: string[]
  /** Where the instruction stands. */
  source?: { file: string; line: number; text: string }
}

export interface ExecSpec {
  cmd: string[]
  env?: string[]
  user?: string
  workingDir?: string
  /** With all privileges on the host, whatever the container has. */
  privileged?: boolean
}

export interface InteractiveExec extends ExecSpec {
  /** Whether it is given input. */
  stdin: boolean
  /** Whether it runs in a terminal. */
  tty: boolean
  /** Whether somebody will take its output. */
  attached: boolean
  /** Of its terminal, from the first; engines before API 1.42 take it only once it runs. */
  size?: TerminalSize
}

/** A program's input and output. */
export interface EngineStream {
  /** To be read once. In a terminal everything is stdout. Ends with the connection. */
  output: AsyncIterable<OutputChunk>
  /** Resolves when more may be sent; rejects once nothing can be sent any more. */
  write(bytes: Uint8Array): Promise<void>
  /** The input has an end; output goes on. */
  end(): void
  close(): void
}

export interface AttachOptions {
  stdin: boolean
  tty: boolean
  /** By which the engine ends the connection, e.g. `ctrl-p,ctrl-q`, which is the default. */
  detachKeys?: string
}

export interface OutputChunk {
  stream: 'stdout' | 'stderr'
  payload: Uint8Array
}

/** In characters. */
export interface TerminalSize {
  columns: number
  rows: number
}

export interface PathStat {
  /** The last part of the path. */
  name: string
  /** Bytes. */
  size: number
  type: 'directory' | 'symlink' | 'other'
  /** Of a symbolic link: where it leads, within the container. */
  linkTarget?: string
}

export interface CommitOptions {
  /** Absent: the image has no name. */
  repository?: string
  tag?: string
  author?: string
  comment?: string
  /** Instructions of a Dockerfile. */
  changes: string[]
  /** Whether the container stands still meanwhile. */
  pause: boolean
}

export interface FileContent {
  /** Of the whole file, in bytes. */
  size: number
  content: Uint8Array
}

export interface FileEntry {
  /** Relative to the directory. */
  path: string
  content: Uint8Array
  mode: number
  uid: number
  gid: number
}
