import type { NetworkInspectInfo } from 'dockerode'
import type { Engine, NetworkDetail, PoolDetail } from '../port.ts'
import type { IpamSpec } from '../spec.ts'
import { filtersOf } from './filters.ts'
import { aborting, ignoring, type Link, requestJson } from './link.ts'

type Calls = Pick<
  Engine,
  'listNetworks' | 'inspectNetwork' | 'createNetwork' | 'removeNetwork' | 'connectNetwork' | 'disconnectNetwork'
>

export function networkCalls(link: Link): Calls {
  const { docker, call } = link
  const network = (id: string) => docker.getNetwork(id)
  return {
    async listNetworks(filter, signal) {
      const list = await call(docker.listNetworks({ ...filtersOf(filter), ...aborting(signal) }), signal)
      return list.map(networkDetail)
    },
    async inspectNetwork(id, signal) {
      const path = `/networks/${encodeURIComponent(id)}`
      const info = await ignoring([404], requestJson(link, { method: 'GET', path, signal }))
      return info === undefined ? undefined : withContainers(info as NetworkInspectInfo)
    },
    async createNetwork(spec) {
      const answer = await requestJson(link, { method: 'POST', path: '/networks/create', body: spec })
      return { id: (answer as { Id: string }).Id }
    },
    async removeNetwork(id) {
      await call(network(id).remove())
    },
    async connectNetwork(id, container, endpoint) {
      await call(network(id).connect({ Container: container, EndpointConfig: endpoint }))
    },
    async disconnectNetwork(id, container, { force }) {
      await call(network(id).disconnect({ Container: container, Force: force }))
    },
  }
}

function withContainers(info: NetworkInspectInfo): NetworkDetail {
  return { ...networkDetail(info), containers: Object.keys(info.Containers ?? {}) }
}

function networkDetail(info: NetworkInspectInfo): NetworkDetail {
  return {
    id: info.Id,
    name: info.Name,
    driver: info.Driver,
    labels: info.Labels ?? {},
    internal: info.Internal,
    attachable: info.Attachable,
    enableIPv6: info.EnableIPv6,
    options: info.Options ?? {},
    ipam: { driver: info.IPAM?.Driver ?? 'default', config: (info.IPAM?.Config ?? []).map(pool) },
    created: info.Created,
  }
}

function pool(config: Record<string, unknown>): PoolDetail {
  const { Subnet, Gateway, IPRange, AuxiliaryAddresses } = config as IpamSpec
  return {
    ...(Subnet ? { subnet: Subnet } : {}),
    ...(Gateway ? { gateway: Gateway } : {}),
    ...(IPRange ? { ipRange: IPRange } : {}),
    ...(AuxiliaryAddresses ? { taken: AuxiliaryAddresses } : {}),
  }
}
