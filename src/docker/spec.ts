/**
 * Request bodies for the engine, with the API's field names (ContainerCreate, NetworkCreate, VolumeCreate of the
 * Docker Engine API, https://docs.docker.com/reference/api/engine/). Plain JSON data, in one file as the API has it.
 */
export interface ContainerSpec {
  Image: string
  Hostname?: string
  Domainname?: string
  User?: string
  AttachStdin?: boolean
  AttachStdout?: boolean
  AttachStderr?: boolean
  Tty?: boolean
  OpenStdin?: boolean
  StdinOnce?: boolean
  Env?: string[]
  Cmd?: string[] | null
  Entrypoint?: string[] | null
  Labels?: Record<string, string>
  WorkingDir?: string
  ExposedPorts?: Record<string, Record<string, never>>
  /** Anonymous volumes by target. */
  Volumes?: Record<string, Record<string, never>>
  StopSignal?: string
  /** Seconds. */
  StopTimeout?: number
  Healthcheck?: HealthSpec
  MacAddress?: string
  HostConfig: HostConfig
  NetworkingConfig?: { EndpointsConfig: Record<string, EndpointSpec> }
}

/** Durations in nanoseconds. */
export interface HealthSpec {
  Test?: string[]
  Interval?: number
  Timeout?: number
  Retries?: number
  StartPeriod?: number
  StartInterval?: number
}

export interface HostConfig {
  Binds?: string[]
  Mounts?: MountSpec[]
  PortBindings?: Record<string, { HostIp: string; HostPort: string }[]>
  NetworkMode?: string
  RestartPolicy?: { Name: string; MaximumRetryCount: number }
  /** The engine removes the container and its anonymous volumes once it has ended or failed to start. */
  AutoRemove?: boolean
  VolumesFrom?: string[]
  LogConfig?: { Type: string; Config: Record<string, string> }
  Init?: boolean
  Privileged?: boolean
  ReadonlyRootfs?: boolean
  CapAdd?: string[]
  CapDrop?: string[]
  SecurityOpt?: string[]
  Devices?: { PathOnHost: string; PathInContainer: string; CgroupPermissions: string }[]
  DeviceRequests?: DeviceRequest[]
  Dns?: string[]
  DnsOptions?: string[]
  DnsSearch?: string[]
  ExtraHosts?: string[]
  GroupAdd?: string[]
  IpcMode?: string
  PidMode?: string
  UTSMode?: string
  UsernsMode?: string
  CgroupnsMode?: string
  CgroupParent?: string
  Runtime?: string
  Isolation?: string
  /** Bytes. */
  ShmSize?: number
  Sysctls?: Record<string, string>
  Tmpfs?: Record<string, string>
  Ulimits?: { Name: string; Soft: number; Hard: number }[]
  Links?: string[]
  Annotations?: Record<string, string>
  StorageOpt?: Record<string, string>
  DeviceCgroupRules?: string[]
  /** Bytes. */
  Memory?: number
  MemoryReservation?: number
  /** Memory and swap together, in bytes; -1 is unlimited. */
  MemorySwap?: number
  MemorySwappiness?: number
  NanoCpus?: number
  /** Microseconds. */
  CpuPeriod?: number
  CpuQuota?: number
  CpuRealtimePeriod?: number
  CpuRealtimeRuntime?: number
  CpuShares?: number
  CpusetCpus?: string
  CpuCount?: number
  CpuPercent?: number
  OomKillDisable?: boolean
  OomScoreAdj?: number
  PidsLimit?: number
  BlkioWeight?: number
  BlkioWeightDevice?: { Path: string; Weight: number }[]
  BlkioDeviceReadBps?: DeviceRate[]
  BlkioDeviceReadIOps?: DeviceRate[]
  BlkioDeviceWriteBps?: DeviceRate[]
  BlkioDeviceWriteIOps?: DeviceRate[]
  /** Paths below /proc and /sys that are hidden or read-only; the engine uses its own list where these are absent. */
  MaskedPaths?: string[]
  ReadonlyPaths?: string[]
}

/** Bytes or operations per second. */
export interface DeviceRate {
  Path: string
  Rate: number
}

/** A count of -1 means all devices; each inner list of capabilities is one alternative. */
export interface DeviceRequest {
  Driver?: string
  Count?: number
  DeviceIDs?: string[]
  Capabilities?: string[][]
  Options?: Record<string, string>
}

/** `MountPoint` of the create call. */
export interface MountSpec {
  Type: string
  Source?: string
  Target: string
  ReadOnly?: boolean
  Consistency?: string
  BindOptions?: BindOptions
  VolumeOptions?: { NoCopy?: boolean; Labels?: Record<string, string>; Subpath?: string }
  TmpfsOptions?: { SizeBytes?: number; Mode?: number }
  ImageOptions?: { Subpath?: string }
}

export interface BindOptions {
  Propagation?: string
  CreateMountpoint?: boolean
  NonRecursive?: boolean
  ReadOnlyNonRecursive?: boolean
  ReadOnlyForceRecursive?: boolean
}

export interface EndpointSpec {
  Aliases?: string[]
  Links?: string[]
  IPAMConfig?: { IPv4Address?: string; IPv6Address?: string; LinkLocalIPs?: string[] }
  MacAddress?: string
  DriverOpts?: Record<string, string>
  GwPriority?: number
}

export interface NetworkSpec {
  Name: string
  Driver?: string
  Internal?: boolean
  Attachable?: boolean
  EnableIPv4?: boolean
  EnableIPv6?: boolean
  Options?: Record<string, string>
  Labels?: Record<string, string>
  IPAM?: { Driver?: string; Options?: Record<string, string>; Config?: IpamSpec[] }
}

export interface IpamSpec {
  Subnet?: string
  Gateway?: string
  IPRange?: string
  AuxiliaryAddresses?: Record<string, string>
}

export interface VolumeSpec {
  Name: string
  Driver?: string
  DriverOpts?: Record<string, string>
  Labels?: Record<string, string>
}
