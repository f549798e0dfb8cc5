import type { ContainerSpec, DeviceRate, DeviceRequest, HostConfig } from '../../docker/spec.ts'
import { OURS } from '../../stack/labels.ts'

/** A spec in the words of the stack file, by attribute. */
export type View = Record<string, unknown>
type Reading = (spec: ContainerSpec) => unknown

/**
 * How each attribute reads in a create call's body, in words of the stack file. Applied to what is wanted and to what the engine
 * kept, it tells what differs, with old and new values. Attributes without a reading are reported by name alone.
 */
export const READINGS: Record<string, Reading> = {
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
  security_opt: (spec) => securityOptions(spec.HostConfig),
  dns: (spec) => list(spec.HostConfig.Dns),
  dns_search: (spec) => list(spec.HostConfig.DnsSearch),
  dns_opt: (spec) => list(spec.HostConfig.DnsOptions),
  extra_hosts: (spec) => sorted(spec.HostConfig.ExtraHosts),
  group_add: (spec) => sorted(spec.HostConfig.GroupAdd),
  tmpfs: (spec) => present(spec.HostConfig.Tmpfs ?? {}),
  sysctls: (spec) => present(spec.HostConfig.Sysctls ?? {}),
  devices: (spec) =>
    (spec.HostConfig.Devices ?? []).map((d) => `${d.PathOnHost}:${d.PathInContainer}:${d.CgroupPermissions}`),
  gpus: (spec) => (spec.HostConfig.DeviceRequests ?? []).map(requestText).sort(),
  blkio_config: (spec) => present(blockLimits(spec.HostConfig)),
  annotations: (spec) => present(spec.HostConfig.Annotations ?? {}),
  ulimits: (spec) => (spec.HostConfig.Ulimits ?? []).map(({ Name, Soft, Hard }) => `${Name}=${Soft}:${Hard}`).sort(),
  'deploy.resources': (spec) => present(limits(spec.HostConfig)),
}

/** A spec in the words of the stack file, by attribute. */
export function readSpec(spec: ContainerSpec): View {
  return present(Object.fromEntries(Object.entries(READINGS).map(([key, reading]) => [key, reading(spec)])))
}

/** Without members that say nothing: undefined, empty lists and empty mappings. */
export function present(view: View): View {
  return Object.fromEntries(Object.entries(view).filter(([, value]) => !isEmpty(value)))
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

export function list(values: readonly string[] | null | undefined): string[] | undefined {
  return values && values.length > 0 ? [...values] : undefined
}

function sorted(values: readonly string[] | null | undefined): string[] | undefined {
  return list(values)?.sort()
}

function capabilities(values: readonly string[] | null | undefined): string[] | undefined {
  return list(values?.map((value) => value.toUpperCase().replace(/^CAP_/, '')))?.sort()
}

export function mapping(entries: readonly string[] | undefined, separator: string): Record<string, string> {
  return Object.fromEntries(
    (entries ?? []).map((entry) => {
      const at = entry.indexOf(separator)
      return at < 0 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)]
    }),
  )
}

/** A profile is a path where it is wanted, and its content where it is kept: neither says which file it was. */
function securityOptions({ SecurityOpt, MaskedPaths }: HostConfig): string[] | undefined {
  const options = (SecurityOpt ?? []).map((each) =>
    /^seccomp=(?!unconfined$|builtin$)/s.test(each) ? 'seccomp=PROFILE' : each,
  )
  return sorted(MaskedPaths?.length === 0 ? [...options, 'systempaths=unconfined'] : options)
}

function requestText({ Driver, Count, DeviceIDs, Capabilities }: DeviceRequest): string {
  const devices = DeviceIDs?.length ? DeviceIDs.join(',') : Count === -1 ? 'all' : String(Count ?? 0)
  return [Driver, devices, (Capabilities ?? []).flat().join(',')].filter(Boolean).join(' ')
}

function blockLimits(host: HostConfig): View {
  const rates = (values: DeviceRate[] | undefined) => list(values?.map(({ Path, Rate }) => `${Path}=${Rate}`))
  return {
    weight: host.BlkioWeight || undefined,
    weight_device: list(host.BlkioWeightDevice?.map(({ Path, Weight }) => `${Path}=${Weight}`)),
    device_read_bps: rates(host.BlkioDeviceReadBps),
    device_write_bps: rates(host.BlkioDeviceWriteBps),
    device_read_iops: rates(host.BlkioDeviceReadIOps),
    device_write_iops: rates(host.BlkioDeviceWriteIOps),
  }
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
