import type { NetworkInspectInfo } from 'dockerode'
import { id as anId, anything, each, fields, flag, list, maybe, record, text, time } from '../../util/shape.ts'
import type { NetworkCalls, NetworkDetail, PoolDetail } from '../port.ts'
import type { IpamSpec } from '../spec.ts'
import { filtersOf } from './filters.ts'
import { ignoring, type Link } from './http/link.ts'
import { requestDone, requestJson } from './http/request.ts'

export function networkCalls(link: Link): NetworkCalls {
  const post = (path: string, body: object) => requestDone(link, { method: 'POST', path, body })
  return {
    ...readingCalls(link),
    async createNetwork(body) {
      const request = { method: 'POST', path: '/networks/create', body } as const
      return { id: (await requestJson<{ Id: string }>(link, request, CREATED)).Id }
    },
    removeNetwork: (id) => requestDone(link, { method: 'DELETE', path: networkPath(id) }),
    connectNetwork: (id, container, endpoint) =>
      post(`${networkPath(id)}/connect`, { Container: container, EndpointConfig: endpoint }),
    disconnectNetwork: (id, container, { force }) =>
      post(`${networkPath(id)}/disconnect`, { Container: container, Force: force }),
  }
}

function readingCalls(link: Link): Pick<NetworkCalls, 'listNetworks' | 'inspectNetwork'> {
  return {
    async listNetworks(filter, signal) {
      const request = { method: 'GET', path: '/networks', query: filtersOf(filter), signal } as const
      return (await requestJson<NetworkInspectInfo[]>(link, request, list(NETWORK))).map(networkDetail)
    },
    async inspectNetwork(id, signal) {
      const request = { method: 'GET', path: networkPath(id), signal } as const
      const info = await ignoring([404], requestJson<NetworkInspectInfo>(link, request, NETWORK))
      return info && withContainers(info)
    },
  }
}

const networkPath = (id: string) => `/networks/${encodeURIComponent(id)}`

const CREATED = fields({ Id: anId })
const poolShape = fields({ ...each('Subnet Gateway IPRange', text), ...each('AuxiliaryAddresses', record(text)) })
const NETWORK = fields({
  Id: anId,
  Name: text,
  Driver: text,
  ...each('Internal Attachable EnableIPv6', flag),
  ...each('Labels Options', record(text)),
  ...each('IPAM', fields({ ...each('Driver', text), ...each('Config', list(poolShape)) })),
  ...each('Created', time),
  ...each('Containers', record(maybe(anything))),
})

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
