import type { ContainerSpec, MountSpec } from '../../src/docker/spec.ts'

/** What the engine keeps, with stable words for what differs from run to run, and in a stable order. */
export function normalised(spec: ContainerSpec, rename: [from: string, to: string][]): ContainerSpec {
  const kept: ContainerSpec = JSON.parse(
    rename.reduce((all, [from, to]) => all.replaceAll(from, to), JSON.stringify(spec)),
  )
  const { ExtraHosts: hosts, Mounts: mounts, Ulimits: limits, ...host } = kept.HostConfig
  return {
    ...kept,
    Labels: ownLabels(kept.Labels ?? {}),
    Env: [...(kept.Env ?? [])].sort(),
    HostConfig: {
      ...host,
      ...(hosts && { ExtraHosts: [...hosts].sort() }),
      ...(mounts && { Mounts: mounts.map(withoutEmpty) }),
      ...(limits && { Ulimits: [...limits].sort((a, b) => (a.Name < b.Name ? -1 : 1)) }),
    },
  }
}

/** Without those that tools put there. */
export function ownLabels(labels: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).filter(([key]) => !/^(com\.docker\.compose|io\.flotilla)\./.test(key)),
  )
}

/** Options that say nothing are as good as none; newer engines mark the volumes that nobody named. */
function withoutEmpty(mount: MountSpec): MountSpec {
  const options = ['BindOptions', 'VolumeOptions', 'TmpfsOptions']
  const kept: MountSpec = JSON.parse(
    JSON.stringify(mount, (key, value) => (key === 'com.docker.volume.anonymous' ? undefined : value)),
  )
  const isEmpty = ([key, value]: [string, unknown]) =>
    options.includes(key) && /^{("Labels":{})?}$/.test(JSON.stringify(value))
  return Object.fromEntries(Object.entries(kept).filter((each) => !isEmpty(each))) as unknown as MountSpec
}

/** Attributes that are no part of a container that was created, or that this test's engine cannot keep. */
export const ELSEWHERE: Record<string, string> = {
  attach: 'what `up` shows',
  'blkio_config.weight': 'discarded where the kernel has no such weights; see lower.test.ts',
  'blkio_config.weight_device': 'discarded where the kernel has no such weights; see lower.test.ts',
  build: 'about images',
  'configs.*.gid': 'copied in; see secrets.test.ts',
  'configs.*.mode': 'copied in; see secrets.test.ts',
  'configs.*.uid': 'copied in; see secrets.test.ts',
  container_name: 'the name of the container',
  cpu_percent: 'Windows',
  cpu_rt_period: 'needs a real-time kernel; see lower.test.ts',
  cpu_rt_runtime: 'needs a real-time kernel; see lower.test.ts',
  credential_spec: 'Windows; see lower.test.ts',
  'depends_on.*.condition': 'the order of steps',
  'depends_on.*.required': 'the order of steps',
  'depends_on.*.restart': 'the order of steps',
  'deploy.endpoint_mode': 'clusters',
  'deploy.labels': 'clusters',
  'deploy.mode': 'how many containers',
  'deploy.placement': 'clusters',
  'deploy.replicas': 'how many containers',
  'deploy.resources.reservations.cpus': 'clusters',
  'deploy.resources.reservations.generic_resources': 'clusters',
  'deploy.restart_policy.delay': 'clusters',
  'deploy.restart_policy.window': 'clusters',
  'deploy.rollback_config': 'how containers are replaced',
  'deploy.update_config': 'how containers are replaced',
  develop: 'what `watch` does',
  extends: 'resolved by loading',
  models: 'given by a model runner',
  platform: 'a parameter of the call; see lower.test.ts',
  post_start: 'run in the container',
  pre_start: 'run in a container of its own',
  pre_stop: 'run in the container',
  profiles: 'which services there are',
  provider: 'no container at all',
  pull_policy: 'about images',
  pull_refresh_after: 'about images',
  scale: 'how many containers',
  'secrets.*.gid': 'copied in; see secrets.test.ts',
  'secrets.*.mode': 'copied in; see secrets.test.ts',
  'secrets.*.uid': 'copied in; see secrets.test.ts',
  storage_opt: 'needs a file system with quotas; see lower.test.ts',
}

/** Where another body is asked for than by `docker compose`, on purpose. */
export const DIFFERENT: { attribute: string; kept: string; why: string }[] = [
  {
    attribute: '*',
    kept: 'AttachStd',
    why: 'says how a client means to attach; the engine itself does nothing with it',
  },
  {
    attribute: 'volumes.*.source',
    kept: 'HostConfig.',
    why: 'a named volume is a typed mount here, a bind there: both mount it',
  },
  {
    attribute: 'links',
    kept: 'NetworkingConfig.',
    why: 'the name of the container is an alias of its own in any case',
  },
  { attribute: 'volumes_from', kept: 'HostConfig.VolumesFrom', why: 'it names the id, and loses `:ro`' },
]

/** What `docker compose` refuses on this engine. */
export const REFUSED: Record<string, string> = {
  'networks.*.mac_address': 'it asks for API 1.44; the first network can have one before, as the container has one',
}
