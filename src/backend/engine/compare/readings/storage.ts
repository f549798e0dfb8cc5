import type { ContainerSpec, MountSpec } from '../../../../docker/spec.ts'
import { OURS } from '../../../docker/labels.ts'
import type { Readings } from './reading.ts'
import { present, size, sorted } from './words.ts'

/** Mounts: files of the host and volumes of the engine. */
export const storageReadings: Readings = {
  volumes: ({ spec }) => mountTexts(spec),
  volumes_from: ({ spec, place }) => sorted(spec.HostConfig.VolumesFrom?.map((each) => sourceText(each, place))),
  tmpfs: ({ spec }) =>
    sorted(Object.entries(spec.HostConfig.Tmpfs ?? {}).map(([path, how]) => (how ? `${path}:${how}` : path))),
  read_only: ({ spec }) => spec.HostConfig.ReadonlyRootfs || undefined,
  storage_opt: ({ spec }) => present(spec.HostConfig.StorageOpt ?? {}),
}

/** `source:target:options`, or just the target for an anonymous volume. Binds come in two equivalent forms. */
function mountTexts({ HostConfig: host, Labels }: ContainerSpec): string[] | undefined {
  const carried = new Set((Labels?.[OURS.carried] ?? '').split(',').filter(Boolean))
  const source = (name: string | undefined) =>
    name === undefined || carried.has(name) || ANONYMOUS.test(name) ? '' : `${name}:`
  const mounts = (host.Mounts ?? []).map(
    (mount) => `${source(mount.Source)}${mount.Target}${optionText(mountOptions(mount))}`,
  )
  const binds = (host.Binds ?? []).map((bind) => {
    const [, from, target = '', options = ''] = BIND.exec(bind) ?? []
    return `${source(from)}${target}${optionText(options.split(','))}`
  })
  return sorted([...mounts, ...binds])
}

/** `source:target:options`; a source may start with a drive letter. */
const BIND = /^((?:[A-Za-z]:[\\/])?[^:]*):((?:[A-Za-z]:[\\/])?[^:]*)(?::(.*))?$/

/** The engine's names for anonymous volumes. */
const ANONYMOUS = /^[0-9a-f]{64}$/

/** Omits defaults: `rprivate` is the engine's default propagation. */
function optionText(options: (string | undefined)[]): string {
  const own = options.filter((each) => each && each !== 'rw' && each !== 'rprivate')
  return own.length > 0 ? `:${own.sort().join(',')}` : ''
}

function mountOptions(mount: MountSpec): (string | undefined)[] {
  const {
    BindOptions: bind = {},
    VolumeOptions: volume = {},
    TmpfsOptions: tmpfs = {},
    ImageOptions: image = {},
  } = mount
  const labels = Object.entries(volume?.Labels ?? {}).filter(([key]) => key !== 'com.docker.volume.anonymous')
  const subpath = volume?.Subpath || image?.Subpath
  const limit = size(tmpfs?.SizeBytes)
  return [
    mount.ReadOnly ? 'ro' : undefined,
    mount.Type === 'tmpfs' || mount.Type === 'image' ? mount.Type : undefined,
    mount.Consistency && mount.Consistency !== 'default' ? mount.Consistency : undefined,
    bind?.Propagation || undefined,
    bind?.NonRecursive ? 'recursive=disabled' : undefined,
    bind?.ReadOnlyNonRecursive ? 'recursive=writable' : undefined,
    bind?.ReadOnlyForceRecursive ? 'recursive=readonly' : undefined,
    volume?.NoCopy ? 'nocopy' : undefined,
    subpath ? `subpath=${subpath}` : undefined,
    limit ? `size=${limit}` : undefined,
    tmpfs?.Mode ? `mode=${tmpfs.Mode.toString(8)}` : undefined,
    ...labels.map(([key, value]) => `label=${key}=${value}`),
  ]
}

/** `service:db`, without `ro`, which Docker Compose loses. */
function sourceText(source: string, place: (mode: string) => string | undefined): string {
  const name = source.replace(/:(ro|rw)$/, '')
  return (place(`container:${name}`) ?? name).replace(/^service:/, '')
}
