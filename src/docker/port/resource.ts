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
