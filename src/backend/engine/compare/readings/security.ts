import type { DeviceRequest, HostConfig } from '../../../../docker/spec.ts'
import type { Readings } from './reading.ts'
import { list, present, sorted } from './words.ts'

/** Privileges, security options, groups and devices. */
export const securityReadings: Readings = {
  privileged: ({ spec }) => spec.HostConfig.Privileged || undefined,
  cap_add: ({ spec }) => capabilities(spec.HostConfig.CapAdd),
  cap_drop: ({ spec }) => capabilities(spec.HostConfig.CapDrop),
  security_opt: ({ spec }) => options(spec.HostConfig),
  group_add: ({ spec }) => sorted(spec.HostConfig.GroupAdd),
  userns_mode: ({ spec }) => spec.HostConfig.UsernsMode || undefined,
  devices: ({ spec }) =>
    list(spec.HostConfig.Devices?.map((d) => `${d.PathOnHost}:${d.PathInContainer}:${d.CgroupPermissions}`)),
  device_cgroup_rules: ({ spec }) => sorted(spec.HostConfig.DeviceCgroupRules),
  gpus: ({ spec }) => sorted(spec.HostConfig.DeviceRequests?.map(requestText)),
  'deploy.resources.reservations.devices': ({ spec }) => sorted(spec.HostConfig.DeviceRequests?.map(requestText)),
}

function capabilities(values: readonly string[] | null | undefined): string[] | undefined {
  return list(values?.map((value) => value.toUpperCase().replace(/^CAP_/, '')))?.sort()
}

/**
 * A wanted profile is a path, an actual one its content: the content does not show its file. Engines with SELinux disable labels
 * themselves for containers that share the host's namespaces or privileges.
 */
function options({ SecurityOpt, MaskedPaths, Privileged, PidMode, IpcMode }: HostConfig): string[] | undefined {
  const unlabelled = Privileged || PidMode === 'host' || IpcMode === 'host'
  const own = (SecurityOpt ?? [])
    .filter((each) => !(unlabelled && /^label[=:]disable$/.test(each)))
    .map((each) => (/^seccomp=(?!unconfined$|builtin$)/s.test(each) ? 'seccomp=PROFILE' : each))
  return sorted(MaskedPaths?.length === 0 && !Privileged ? [...own, 'systempaths=unconfined'] : own)
}

function requestText({ Driver, Count, DeviceIDs, Capabilities, Options }: DeviceRequest): string {
  const devices = DeviceIDs?.length ? DeviceIDs.join(',') : Count === -1 ? 'all' : String(Count ?? 0)
  const wanted = Object.entries(present(Options ?? {})).map(([key, value]) => `${key}=${value}`)
  return [Driver, devices, (Capabilities ?? []).flat().join(','), ...wanted.sort()].filter(Boolean).join(' ')
}
