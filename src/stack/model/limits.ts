export interface DeviceMapping {
  source: string
  target?: string
  permissions?: string
}

/** GPUs, or other devices that a driver provides. */
export interface DeviceRequirement {
  capabilities?: string[]
  /** -1 means all of them. */
  count?: number | string
  device_ids?: string[]
  driver?: string
  options?: Record<string, string>
}

export interface BlockLimits {
  /** 10 to 1000. */
  weight?: number
  weight_device?: { path: string; weight: number }[]
  /** Bytes per second, as decimal strings or numbers. */
  device_read_bps?: BlockRate[]
  device_write_bps?: BlockRate[]
  /** Operations per second. */
  device_read_iops?: BlockRate[]
  device_write_iops?: BlockRate[]
}

export interface BlockRate {
  path: string
  rate: string | number
}
