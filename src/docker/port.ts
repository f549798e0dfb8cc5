import type { ContainerDetail, ContainerSummary, ProcessList, StatsSample } from './port/container.ts'
import type { FileContent, FileEntry, PathStat } from './port/file.ts'
import type {
  BuildOptions,
  BuildSpec,
  CommitOptions,
  ImageDetail,
  ImageSummary,
  PullOptions,
  PushOptions,
  SourcesSpec,
} from './port/image.ts'
import type { NetworkDetail, VolumeDetail } from './port/resource.ts'
import type {
  AttachOptions,
  EngineEvent,
  EngineLogLine,
  EngineLogOptions,
  EngineStream,
  EventFilter,
  ExecSpec,
  InteractiveExec,
  OutputChunk,
  TerminalSize,
} from './port/stream.ts'
import type { ContainerSpec, EndpointSpec, NetworkSpec, VolumeSpec } from './spec.ts'

export type * from './port/container.ts'
export { EngineError, failedInside } from './port/error.ts'
export type * from './port/file.ts'
export type * from './port/image.ts'
export type * from './port/resource.ts'
export type * from './port/stream.ts'

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
interface RegistryCredentials {
  username?: string
  password?: string
  identitytoken?: string
  serveraddress: string
}

interface EngineReader {
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

interface EngineWriter {
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
