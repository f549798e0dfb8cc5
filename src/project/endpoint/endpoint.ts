import type { PublishedPort, Replica } from '../../backend/read/containers.ts'
import { bracketed } from '../../util/address.ts'
import { replicaName } from '../replicas.ts'
import { DATABASES } from './databases.ts'
import { HIDDEN, type Kind, type Password, type PortFacts } from './facts.ts'
import { JUPYTER, PERHAPS_JUPYTER } from './jupyter.ts'
import { OTHER, SERVERS } from './servers.ts'

/** The addresses of one published port. */
export interface Endpoint {
  service: string
  container: string
  /** The kind of server; empty if unknown. */
  kind: string
  /** The port inside the container, e.g. `8888/tcp`. */
  port: string
  /** The address on the machine where the engine publishes ports. */
  host: string
  /** The address for containers in a network of the stack. */
  inside: string
  /** How to see a password that is masked with dots here. */
  hint?: string
}

export interface Credentials {
  /** The container's environment, image defaults included. */
  env: ReadonlyMap<string, string>
  /** The content of a file in the container, if the stack file declares it. */
  fileContent(path: string): string | undefined
  showSecrets: boolean
}

/** The endpoints of a running container, sorted by port. */
export function endpointsOf(replica: Replica, credentials: Credentials): Endpoint[] {
  return publishedOnce(replica.ports).map((port) => {
    const facts = factsOf(replica, port, credentials)
    const kind = facts.protocol === 'tcp' ? kindOf(facts) : OTHER
    const host = kind.url(`${hostOf(port.hostIp)}:${port.published}`, facts)
    return {
      service: replica.service,
      container: replicaName(replica),
      kind: kind.name,
      port: `${port.target}/${port.protocol}`,
      host,
      inside: kind.url(`${replica.service}:${port.target}`, facts),
      ...(host.includes(`:${HIDDEN}@`) && { hint: 'the password is hidden; --show-secrets shows it' }),
    }
  })
}

/** The first match applies. */
const KINDS: readonly Kind[] = [JUPYTER, ...DATABASES, ...SERVERS, PERHAPS_JUPYTER, OTHER]

function kindOf(facts: PortFacts): Kind {
  return KINDS.find((kind) => kind.matches(facts)) ?? OTHER
}

/** Published ports; a port published on all IPv4 and all IPv6 addresses counts once. */
function publishedOnce(ports: readonly PublishedPort[]): PublishedPort[] {
  const published = ports.filter((port) => port.published !== undefined)
  const key = (port: PublishedPort) => `${hostOf(port.hostIp)} ${port.published} ${port.target}/${port.protocol}`
  const sorted = [...published].sort((a, b) => a.target - b.target || (a.published ?? 0) - (b.published ?? 0))
  return [...new Map(sorted.map((port) => [key(port), port])).values()]
}

/** The host to connect to for a listening address: the wildcard address includes this machine's loopback. */
function hostOf(hostIp: string | undefined): string {
  return hostIp === undefined || hostIp === '' || hostIp === '0.0.0.0' || hostIp === '::'
    ? '127.0.0.1'
    : bracketed(hostIp)
}

function factsOf(replica: Replica, port: PublishedPort, credentials: Credentials): PortFacts {
  return {
    target: port.target,
    protocol: port.protocol,
    image: replica.image,
    command: replica.command,
    env: credentials.env,
    password: (...names) => passwordOf(names, credentials),
  }
}

function passwordOf(names: readonly string[], { env, fileContent, showSecrets }: Credentials): Password {
  for (const name of names) {
    const value = env.get(name)
    const path = env.get(`${name}_FILE`)
    if (!value && !path) continue
    if (!showSecrets) return { kind: 'hidden' }
    const text = value || (path && fileContent(path))
    return text ? { kind: 'known', text } : { kind: 'unset' }
  }
  return { kind: 'unset' }
}
