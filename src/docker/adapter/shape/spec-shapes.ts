import { anything, each, fields, flag, list, maybe, number, record, type Shape, text } from '../../../util/shape.ts'

const texts = list(text)

export const HEALTHCHECK: Shape = fields({
  ...each('Test', texts),
  ...each('Interval Timeout Retries StartPeriod StartInterval', number),
})

/** A container's configuration, without the host configuration. */
export const CONFIG: Shape = fields({
  Image: text,
  ...each('Hostname Domainname User WorkingDir StopSignal MacAddress', text),
  ...each('AttachStdin AttachStdout AttachStderr Tty OpenStdin StdinOnce', flag),
  ...each('Env Cmd Entrypoint', texts),
  ...each('Labels', record(text)),
  ...each('ExposedPorts Volumes', record(maybe(anything))),
  ...each('StopTimeout', number),
  ...each('Healthcheck', HEALTHCHECK),
})

const bindOptions = fields({
  ...each('Propagation', text),
  ...each('CreateMountpoint NonRecursive ReadOnlyNonRecursive ReadOnlyForceRecursive', flag),
})
const volumeOptions = fields({ ...each('NoCopy', flag), ...each('Labels', record(text)), ...each('Subpath', text) })
const mount = fields({
  Type: text,
  ...each('Source Target Consistency', text),
  ...each('ReadOnly', flag),
  ...each('BindOptions', bindOptions),
  ...each('VolumeOptions', volumeOptions),
  ...each('TmpfsOptions', fields(each('SizeBytes Mode', number))),
  ...each('ImageOptions', fields(each('Subpath', text))),
})
const deviceRequest = fields({
  ...each('Driver', text),
  ...each('Count', number),
  ...each('DeviceIDs', texts),
  ...each('Capabilities', list(texts)),
  ...each('Options', record(text)),
})
const binding = fields(each('HostIp HostPort', text))

export const HOST: Shape = fields({
  ...each('Binds VolumesFrom CapAdd CapDrop SecurityOpt Dns DnsOptions DnsSearch ExtraHosts GroupAdd Links', texts),
  ...each('DeviceCgroupRules MaskedPaths ReadonlyPaths', texts),
  ...each('NetworkMode IpcMode PidMode UTSMode UsernsMode CgroupnsMode CgroupParent Runtime Isolation', text),
  ...each('CpusetCpus', text),
  ...each('AutoRemove Init Privileged ReadonlyRootfs OomKillDisable', flag),
  ...each('ShmSize Memory MemoryReservation MemorySwap MemorySwappiness NanoCpus CpuPeriod CpuQuota', number),
  ...each('CpuRealtimePeriod CpuRealtimeRuntime CpuShares CpuCount CpuPercent OomScoreAdj PidsLimit', number),
  ...each('BlkioWeight', number),
  ...each('Sysctls Tmpfs Annotations StorageOpt', record(text)),
  ...each('Mounts', list(mount)),
  ...each('PortBindings', record(maybe(list(binding)))),
  ...each('RestartPolicy', fields({ ...each('Name', text), ...each('MaximumRetryCount', number) })),
  ...each('LogConfig', fields({ ...each('Type', text), ...each('Config', record(text)) })),
  ...each('Devices', list(fields(each('PathOnHost PathInContainer CgroupPermissions', text)))),
  ...each('DeviceRequests', list(deviceRequest)),
  ...each('Ulimits', list(fields({ Name: text, Soft: number, Hard: number }))),
  ...each('BlkioWeightDevice', list(fields({ Path: text, Weight: number }))),
  ...each('BlkioDeviceReadBps BlkioDeviceReadIOps', list(fields({ Path: text, Rate: number }))),
  ...each('BlkioDeviceWriteBps BlkioDeviceWriteIOps', list(fields({ Path: text, Rate: number }))),
})
