import type { EndpointSpec, NetworkSpec, VolumeSpec } from '../spec.ts'
import type { Filter } from './filter.ts'

export interface NetworkCalls {
  /** GET /networks */
  listNetworks(filter: Filter, signal?: AbortSignal): Promise<NetworkDetail[]>
  /** GET /networks/{id} */
  inspectNetwork(id: string, signal?: AbortSignal): Promise<NetworkDetail | undefined>
  /** POST /networks/create */
  createNetwork(spec: NetworkSpec): Promise<{ id: string }>
  /** DELETE /networks/{id} */
  removeNetwork(id: string): Promise<void>
  /** POST /networks/{id}/connect */
  connectNetwork(id: string, container: string, endpoint: EndpointSpec): Promise<void>
  /** POST /networks/{id}/disconnect */
  disconnectNetwork(id: string, container: string, options: { force: boolean }): Promise<void>
}

export interface VolumeCalls {
  /** GET /volumes */
  listVolumes(filter: Filter, signal?: AbortSignal): Promise<VolumeDetail[]>
  /** GET /volumes/{name} */
  inspectVolume(name: string, signal?: AbortSignal): Promise<VolumeDetail | undefined>
  /** POST /volumes/create */
  createVolume(spec: VolumeSpec): Promise<void>
  /** DELETE /volumes/{name} */
  removeVolume(name: string): Promise<void>
}

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
