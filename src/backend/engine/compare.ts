import type { ContainerDetail, ImageDetail } from '../../docker/port.ts'
import type { ContainerSpec, HostConfig } from '../../docker/spec.ts'
import { diffFields } from '../../plan/diff.ts'
import type { FieldChange } from '../../plan/step.ts'
import { OURS } from '../../stack/labels.ts'
import { namesSecret } from '../../stack/sensitive.ts'

type View = Record<string, unknown>
type Reading = (spec: ContainerSpec) => unknown

/**
 * How each attribute reads in a create call's body, in words of the stack file. Applied to what is wanted and to what the engine
 * kept, it tells what differs, with old and new values. Attributes without a reading are reported by name alone.
 */
const READINGS: Record<string, Reading> = {
  image: (spec) => spec.Image,
  command: (spec) => list(spec.Cmd),
  entrypoint: (spec) => list(spec.Entrypoint),
  environment: (spec) => mapping(spec.Env, '='),
  labels: (spec) => ownLabels(spec.Labels),
  user: (spec) => spec.User || undefined,
  working_dir: (spec) => spec.WorkingDir || undefined,
  tty: (spec) => spec.Tty || undefined,
  stdin_open: (spec) => spec.OpenStdin || undefined,
  stop_signal: (spec) => spec.StopSignal || undefined,
  healthcheck: (spec) => spec.Healthcheck && present({ ...spec.Healthcheck }),
  ports: (spec) => portTexts(spec.HostConfig),
  volumes: (spec) => mountTexts(spec),
  restart: (spec) => restartText(spec.HostConfig),
  network_mode: (spec) => sharedNetwork(spec.HostConfig),
  privileged: (spec) => spec.HostConfig.Privileged || undefined,
  read_only: (spec) => spec.HostConfig.ReadonlyRootfs || undefined,
  init: (spec) => spec.HostConfig.Init || undefined,
  cap_add: (spec) => capabilities(spec.HostConfig.CapAdd),
  cap_drop: (spec) => capabilities(spec.HostConfig.CapDrop),
  security_opt: (spec) => sorted(spec.HostConfig.SecurityOpt),
  dns: (spec) => list(spec.HostConfig.Dns),
  dns_search: (spec) => list(spec.HostConfig.DnsSearch),
  dns_opt: (spec) => list(spec.HostConfig.DnsOptions),
  extra_hosts: (spec) => sorted(spec.HostConfig.ExtraHosts),
  group_add: (spec) => sorted(spec.HostConfig.GroupAdd),
  tmpfs: (spec) => present(spec.HostConfig.Tmpfs ?? {}),
  sysctls: (spec) => present(spec.HostConfig.Sysctls ?? {}),
  devices: (spec) =>
    (spec.HostConfig.Devices ?? []).map((d) => `${d.PathOnHost}:${d.PathInContainer}:${d.CgroupPermissions}`),
  ulimits: (spec) => (spec.HostConfig.Ulimits ?? []).map(({ Name, Soft, Hard }) => `${Name}=${Soft}:${Hard}`).sort(),
  'deploy.resources': (spec) => present(limits(spec.HostConfig)),
}

/** A spec in the words of the stack file, by attribute. */
export function readSpec(spec: ContainerSpec): View {
  return present(Object.fromEntries(Object.entries(READINGS).map(([key, reading]) => [key, reading(spec)])))
}

/**
 * What differs between a container and what is wanted, where no fingerprint of ours can tell. Only what is declared, or was
 * declared and is no image default, counts: the engine's own defaults do not.
 * @param image what the container was made from, for its defaults
 */
export function compareByInspecting(
  wanted: ContainerSpec,
  actual: ContainerDetail,
  image: ImageDetail | undefined,
): FieldChange[] {
  const to = withoutDefaults(readSpec(wanted), image)
  const from = withoutDefaults(readSpec(actual.spec), image)
  const silent = ['working_dir', 'stop_signal', 'healthcheck'].filter((key) => to[key] === undefined)
  return markSecrets(diffFields(omit(from, silent), to))
}

/** Attributes whose image defaults an image's details do not tell count only where they are declared. */
function omit(view: View, keys: string[]): View {
  return Object.fromEntries(Object.entries(view).filter(([key]) => !keys.includes(key)))
}

/**
 * The changed paths of a fingerprint, with values where the container can be inspected.
 * @param image what it was made from: what the image sets itself is nobody's declaration
 */
export function explainChanges(
  paths: string[],
  wanted: ContainerSpec,
  actual: ContainerDetail | undefined,
  image: ImageDetail | undefined,
): FieldChange[] {
  const from = actual ? withoutDefaults(readSpec(actual.spec), image) : {}
  const to = readSpec(wanted)
  const attributes = [...new Set(paths.map(attributeOf))]
  return markSecrets(attributes.flatMap((attribute) => explain(attribute, paths, from, to)))
}

function explain(attribute: string, paths: string[], from: View, to: View): FieldChange[] {
  const found = attribute in READINGS ? diffFields(pick(from, attribute), pick(to, attribute)) : []
  if (found.length > 0) return found
  return paths
    .filter((path) => attributeOf(path) === attribute)
    .map((path) => ({ path, from: undefined, to: undefined }))
}

function attributeOf(path: string): string {
  if (path.startsWith('deploy.resources')) return 'deploy.resources'
  return path.split('.')[0] ?? path
}

function pick(view: View, key: string): View {
  return key in view ? { [key]: view[key] } : {}
}

function markSecrets(changes: FieldChange[]): FieldChange[] {
  return changes.map((change) => {
    const name = change.path.split('.').at(-1) ?? ''
    return namesSecret(name) || change.path.startsWith('secrets.') ? { ...change, secret: true } : change
  })
}

/** Image defaults that the engine filled in are nobody's declaration. */
function withoutDefaults(view: View, image: ImageDetail | undefined): View {
  if (!image) return view
  const defaults = mapping(image.env, '=')
  const environment = Object.entries((view.environment ?? {}) as Record<string, unknown>)
  const own = environment.filter(([key, value]) => defaults[key] !== value)
  const drop = (key: string, value: unknown) => JSON.stringify(view[key]) === JSON.stringify(value)
  const { command, entrypoint, user, ...rest } = view
  return present({
    ...rest,
    environment: own.length > 0 ? Object.fromEntries(own) : undefined,
    labels: withoutLabels(view.labels, image.labels),
    command: drop('command', list(image.cmd)) ? undefined : command,
    entrypoint: drop('entrypoint', list(image.entrypoint)) ? undefined : entrypoint,
    user: drop('user', image.user || undefined) ? undefined : user,
    healthcheck: withoutTestOf(view.healthcheck as View | undefined, image.healthcheck),
  })
}

function withoutLabels(labels: unknown, defaults: Record<string, string>): View | undefined {
  const own = Object.entries((labels ?? {}) as View).filter(([key, value]) => defaults[key] !== value)
  return own.length > 0 ? Object.fromEntries(own) : undefined
}

/** A test that is the image's own is not declared; intervals beside it are. */
function withoutTestOf(health: View | undefined, test: string[] | undefined): View | undefined {
  if (!health || !test || JSON.stringify(health.Test) !== JSON.stringify(test)) return health
  const { Test: _inherited, ...rest } = health
  return Object.keys(rest).length > 0 ? rest : undefined
}

/** Without members that say nothing: undefined, empty lists and empty mappings. */
function present(view: View): View {
  return Object.fromEntries(Object.entries(view).filter(([, value]) => !isEmpty(value)))
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

function list(values: readonly string[] | null | undefined): string[] | undefined {
  return values && values.length > 0 ? [...values] : undefined
}

function sorted(values: readonly string[] | null | undefined): string[] | undefined {
  return list(values)?.sort()
}

function capabilities(values: readonly string[] | null | undefined): string[] | undefined {
  return list(values?.map((value) => value.toUpperCase().replace(/^CAP_/, '')))?.sort()
}

function mapping(entries: readonly string[] | undefined, separator: string): Record<string, string> {
  return Object.fromEntries(
    (entries ?? []).map((entry) => {
      const at = entry.indexOf(separator)
      return at < 0 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)]
    }),
  )
}

/** Labels that tools put there are no one's declaration. */
function ownLabels(labels: Record<string, string> | undefined): View | undefined {
  const tools = ['com.docker.compose.', 'io.flotilla.']
  const own = Object.entries(labels ?? {}).filter(([key]) => !tools.some((prefix) => key.startsWith(prefix)))
  return own.length > 0 ? Object.fromEntries(own) : undefined
}

function portTexts(host: HostConfig): string[] | undefined {
  const texts = Object.entries(host.PortBindings ?? {}).flatMap(([target, bindings]) =>
    (bindings ?? []).map(
      ({ HostIp, HostPort }) => `${HostIp ? `${HostIp}:` : ''}${HostPort}:${target.replace(/\/tcp$/, '')}`,
    ),
  )
  return sorted(texts)
}

function mountTexts({ HostConfig: host, Labels }: ContainerSpec): string[] | undefined {
  const carried = new Set((Labels?.[OURS.carried] ?? '').split(',').filter(Boolean))
  const mounts = (host.Mounts ?? [])
    .filter((mount) => !carried.has(mount.Source ?? ''))
    .filter(({ Type, Source }) => Type !== 'volume' || (Source !== undefined && !ANONYMOUS.test(Source)))
    .map(({ Source, Target, ReadOnly }) => `${Source ? `${Source}:` : ''}${Target}${ReadOnly ? ':ro' : ''}`)
  const binds = (host.Binds ?? []).filter((bind) => !ANONYMOUS.test(bind.split(':')[0] ?? '')).map(withoutOptions)
  return sorted([...mounts, ...binds])
}

/** Names that the engine gave to volumes nobody named. */
const ANONYMOUS = /^[0-9a-f]{64}$/

/** `source:target`, and `ro`: propagation and labels come in several spellings. */
function withoutOptions(bind: string): string {
  const [source, target, options = ''] = bind.split(':')
  return `${source}:${target}${options.split(',').includes('ro') ? ':ro' : ''}`
}

function restartText(host: HostConfig): string | undefined {
  const { Name = '', MaximumRetryCount = 0 } = host.RestartPolicy ?? {}
  if (Name === '' || Name === 'no') return undefined
  return MaximumRetryCount > 0 ? `${Name}:${MaximumRetryCount}` : Name
}

/** Networks joined by id are compared by the list of networks, shared namespaces by our label: see plan/shared.ts. */
function sharedNetwork(host: HostConfig): string | undefined {
  const mode = host.NetworkMode ?? ''
  return ['host', 'none', 'bridge'].includes(mode) ? mode : undefined
}

function limits(host: HostConfig): View {
  const { Memory, MemoryReservation, NanoCpus, PidsLimit } = host
  return {
    memory: Memory || undefined,
    reserved: MemoryReservation || undefined,
    cpus: NanoCpus || undefined,
    pids: PidsLimit || undefined,
  }
}
