import { fields, list, optional, text as string } from '../../../util/shape.ts'
import type { Link } from '../http/link.ts'
import { requestJson } from '../http/request.ts'
import type { GrpcClient } from './grpc/grpc-client.ts'
import { type Fields, messages, readFields, text } from './grpc/protobuf.ts'

const GATEWAY = 'host-gateway'

// Field numbers of moby.buildkit.v1.ListWorkersResponse and WorkerRecord, and of an entry of its labels:
// https://github.com/moby/buildkit/blob/master/api/services/control/control.proto
const LIST_WORKERS = '/moby.buildkit.v1.Control/ListWorkers'
const RESPONSE = { record: 1 }
const RECORD = { labels: 2 }
const ENTRY = { key: 1, value: 2 }

/** The label under which the engine's worker names the address (moby, builder/builder-next/worker/label). */
const GATEWAY_LABEL = 'org.mobyproject.buildkit.worker.moby.host-gateway-ip'

/** POST /build translates `host-gateway` itself; BuildKit needs the address. */
export async function withGateway(
  link: Link,
  client: GrpcClient,
  hosts: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  if (!hosts.some((line) => line.endsWith(GATEWAY))) return [...hosts]
  const address = (await gatewayOf(client, signal)) ?? (await gatewayOfBridge(link, signal))
  return hosts.map((line) => (address && line.endsWith(GATEWAY) ? line.slice(0, -GATEWAY.length) + address : line))
}

async function gatewayOf(client: GrpcClient, signal: AbortSignal): Promise<string | undefined> {
  for await (const answer of client.call(LIST_WORKERS, new Uint8Array(), signal)) {
    const labels = messages(readFields(answer), RESPONSE.record).flatMap((record: Fields) =>
      messages(record, RECORD.labels),
    )
    const found = labels.find((entry) => text(entry, ENTRY.key) === GATEWAY_LABEL)
    return found && text(found, ENTRY.value)
  }
  return undefined
}

const GATEWAYS = fields({ IPAM: fields({ Config: list(fields({ Gateway: optional(string) })) }) })

/** Engines before 23 do not name it. By default it is the gateway of the default bridge. GET /networks/{id}. */
async function gatewayOfBridge(link: Link, signal: AbortSignal): Promise<string | undefined> {
  const request = { method: 'GET', path: '/networks/bridge', signal } as const
  const { IPAM } = await requestJson<{ IPAM: { Config: { Gateway?: string }[] } }>(link, request, GATEWAYS)
  return IPAM.Config.find(({ Gateway }) => Gateway)?.Gateway
}
