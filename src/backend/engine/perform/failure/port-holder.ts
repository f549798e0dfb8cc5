import { execFile } from 'node:child_process'
import type { ContainerDetail, ContainerSummary, Engine } from '../../../../docker/port.ts'
import { COMPOSE } from '../../../docker/labels.ts'
import { type HostPorts, overlap, portsHeldBy } from '../../observe/ports.ts'

/** `0.0.0.0:80`, `[::]:80`, `:::80`, `*:80`, with an interface behind `%`. */
const ADDRESS = String.raw`(?:\[(?<v6>[^\]\s]*)\]|(?<ip>[^\s[\]]*?))(?:%[\w.-]+)?:(?<port>\d+)`

/** The engine's messages for a host port that is taken (libnetwork's allocator, docker-proxy, rootlesskit, engine 28). */
const TAKEN = [
  new RegExp(`Bind for ${ADDRESS} failed: port is already allocated`),
  new RegExp(`listen (?<protocol>tcp|udp|sctp)\\d? ${ADDRESS}: bind: address already in use`),
  new RegExp(`failed to bind host port (?:for )?${ADDRESS}(?::\\S*?\\d+)?/(?<protocol>tcp|udp|sctp)`),
  /(?:port|address)\D{0,20}?(?<port>\d+)\D{0,40}?already (?:in use|allocated)/i,
]

export interface PortHolder {
  port: string
  holder: string
  tries: string[]
}

/** Explains a failed start due to a taken host port: the port, its holder (a container or a process of this machine), and remedies. */
export async function portHolder(engine: Engine, container: string, message: string): Promise<PortHolder | undefined> {
  const found = TAKEN.map((pattern) => pattern.exec(message)?.groups).find((groups) => groups !== undefined)
  if (!found?.port) return undefined
  const { port } = found
  const [own, others] = await Promise.all([
    engine.inspectContainer(container).catch(() => undefined),
    engine.listContainers({}).catch(() => []),
  ])
  const wanted = wantedPorts(found, own)
  const holder = others.find(
    (each) => each.id !== own?.id && each.id !== container && overlap(portsHeldBy(each), wanted),
  )
  if (holder) return { port, holder: `container ${holder.name} (${holder.image})`, tries: triesFor(holder, own) }
  const process = engine.location?.remote ? undefined : await processOn(wanted)
  return { port, holder: process ?? "another program on the engine's machine", tries: [USUAL] }
}

const USUAL = 'publish another host port, or stop what holds this one'

/**
 * The plan already stops the project's own containers that give up a port; only the user can decide about a container without a
 * declared service.
 */
function triesFor({ labels }: ContainerSummary, own: ContainerDetail | undefined): string[] {
  const { [COMPOSE.project]: project, [COMPOSE.service]: service } = labels
  const sibling = project !== undefined && project === own?.labels[COMPOSE.project]
  if (!sibling || service === own?.labels[COMPOSE.service]) return [USUAL]
  return [`if the stack file no longer declares "${service}", remove its container with --remove-orphans`, USUAL]
}

/** If the message lacks the protocol or the address, they come from the container's own bindings. */
function wantedPorts(found: Record<string, string | undefined>, own: ContainerDetail | undefined): HostPorts[] {
  const port = Number(found.port)
  const bound = Object.entries(own?.spec.HostConfig.PortBindings ?? {}).flatMap(([target, bindings]) =>
    (bindings ?? [])
      .filter(({ HostPort }) => includes(HostPort, port))
      .map(({ HostIp = '' }) => ({ ip: HostIp, protocol: target.split('/')[1] ?? 'tcp' })),
  )
  const protocols = found.protocol ? [found.protocol] : bound.map(({ protocol }) => protocol)
  const said = plainIp(found.v6 ?? found.ip)
  const ips = said === undefined ? bound.map(({ ip }) => ip) : [said]
  return [...new Set(protocols.length > 0 ? protocols : ['tcp'])].flatMap((protocol) =>
    [...new Set(ips.length > 0 ? ips : [''])].map((ip) => ({ ip, protocol, from: port, to: port })),
  )
}

/** Whether a binding such as `8080` or `8000-8010` includes the port. */
function includes(hostPort: string | undefined, port: number): boolean {
  const [from = 0, to = from] = (hostPort ?? '').split('-').map(Number)
  return from <= port && port <= to
}

function plainIp(ip: string | undefined): string | undefined {
  return ip === '*' ? '' : ip
}

/** Linux's `ss` shows the listening process; undefined without `ss` or without permission. */
async function processOn(wanted: readonly HostPorts[]): Promise<string | undefined> {
  for (const each of wanted) {
    const lines = await listeners(each)
    const users = lines.find((line) => isAt(line, each))
    const found = /users:\(\("([^"]+)",pid=(\d+)/.exec(users ?? '')
    if (found) return `process ${found[1]} (pid ${found[2]})`
  }
  return undefined
}

function listeners({ protocol, from }: HostPorts): Promise<string[]> {
  const kind = { tcp: 't', udp: 'u', sctp: 'S' }[protocol] ?? 't'
  return new Promise((resolve) => {
    execFile('ss', [`-Hlnp${kind}`, `sport = :${from}`], { timeout: 2_000 }, (_failed, output) =>
      resolve(String(output ?? '').split('\n')),
    )
  })
}

const LISTENER = new RegExp(`\\s${ADDRESS}\\s+\\S+:\\*`)

/** The first address of a line is the listener's. */
function isAt(line: string, wanted: HostPorts): boolean {
  const { v6, ip } = LISTENER.exec(line)?.groups ?? {}
  const held = plainIp(v6 ?? ip)
  return held !== undefined && overlap([{ ...wanted, ip: held }], [wanted])
}
