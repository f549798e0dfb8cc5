export interface Port {
  mode?: string
  host_ip?: string
  /** Container port, 1 to 65535. */
  target: number
  /** Host port, or a range `8000-8010` to choose from; absent: the engine chooses. */
  published?: string
  protocol?: string
  name?: string
  app_protocol?: string
}

export interface Attachment {
  aliases?: string[]
  ipv4_address?: string
  ipv6_address?: string
  link_local_ips?: string[]
  mac_address?: string
  driver_opts?: Record<string, string>
  priority?: number
  gw_priority?: number
  interface_name?: string
}

export interface Network {
  name: string
  external?: boolean
  driver?: string
  driver_opts?: Record<string, string>
  attachable?: boolean
  internal?: boolean
  enable_ipv4?: boolean
  enable_ipv6?: boolean
  labels?: Record<string, string>
  ipam?: { driver?: string; options?: Record<string, string>; config?: IpamPool[] }
}

export interface IpamPool {
  subnet?: string
  gateway?: string
  ip_range?: string
  aux_addresses?: Record<string, string>
}
