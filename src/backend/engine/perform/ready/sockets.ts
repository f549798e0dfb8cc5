import type { ContainerSpec } from '../../../../docker/spec.ts'

/** The kernel's socket tables of a container; they cover its network, whatever its health test checks. */
export const SOCKET_TABLES = ['tcp', 'tcp6', 'udp', 'udp6', 'unix'].map((table) => `/proc/net/${table}`)

/** The sockets that stand behind a passed health test. */
export type Evidence =
  /** A port that other containers can reach is listening. */
  | 'reachable'
  /** A server listens, but others cannot reach it: it may be an entrypoint's temporary server. */
  | 'private'
  /** There is no server: the test checks something else, such as a file. */
  | 'none'
  /** The tables do not show it. */
  | 'unknown'

interface Socket {
  port: number
  protocol: string
  isLoopback: boolean
}

interface Sockets {
  /** Listening TCP sockets, and bound UDP sockets. */
  servers: Socket[]
  /** Whether a named local socket exists, or a TCP connection used the loopback address. */
  hasPrivate: boolean
}

/** @param tables the concatenated text of SOCKET_TABLES */
export function evidenceIn(tables: string, spec: ContainerSpec): Evidence {
  if (!/local_address/.test(tables)) return 'unknown'
  const { servers, hasPrivate } = socketsIn(tables)
  const declared = declaredPorts(spec)
  const isShared = sharesNetwork(spec)
  if (declared.length > 0 && declared.every(({ protocol }) => protocol === 'sctp')) return 'unknown'
  const wanted = declared.length > 0 ? serversOf(declared, servers, spec) : undeclared(servers, spec, isShared)
  if (wanted.length > 0 && wanted.every((server) => isReachable(server, wanted))) return 'reachable'
  if (declared.length > 0 || servers.length > 0 || hasPrivate) return 'private'
  return isShared ? 'unknown' : 'none'
}

/** The text after the last table, that of local sockets. */
export function afterTables(text: string): string {
  return text.replace(/^[\s\S]*^Num +RefCount[^\n]*\n(?:[0-9a-f]+: [^\n]*\n)*/m, '')
}

/** Whether others can reach the port through this socket or another one. */
function isReachable({ port, protocol }: Socket, servers: Socket[]): boolean {
  return servers.some((other) => !other.isLoopback && other.port === port && other.protocol === protocol)
}

/** If several ports are declared, only those that the health test names count, or all if it names none. */
function serversOf(declared: Omit<Socket, 'isLoopback'>[], servers: Socket[], spec: ContainerSpec): Socket[] {
  const tested = portsIn(spec.Healthcheck?.Test ?? [])
  const named = declared.filter(({ port }) => tested.has(port))
  const wanted = named.length > 0 ? named : declared
  return servers.filter((server) =>
    wanted.some(({ port, protocol }) => port === server.port && protocol === server.protocol),
  )
}

/**
 * Without a declared port, any TCP server counts, unless the test names a port. In a shared network, the servers may belong to other
 * containers.
 */
function undeclared(servers: Socket[], { Healthcheck }: ContainerSpec, isShared: boolean): Socket[] {
  const tested = portsIn(Healthcheck?.Test ?? [])
  const listening = servers.filter(({ protocol }) => protocol === 'tcp')
  const named = listening.filter(({ port }) => tested.has(port))
  return named.length > 0 || isShared ? named : listening
}

/** Every number may be a port; a URL without a port uses its scheme's default. */
function portsIn(words: string[]): Set<number> {
  const text = words.join(' ')
  const numbers = [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits))
  const implied = [...text.matchAll(/\b(https?):\/\/[\w.-]+(?![\w.:-])/g)].map(([, scheme]) =>
    scheme === 'http' ? 80 : 443,
  )
  return new Set([...numbers, ...implied])
}

function declaredPorts({ ExposedPorts }: ContainerSpec): Omit<Socket, 'isLoopback'>[] {
  return Object.keys(ExposedPorts ?? {}).map((key) => {
    const [port = '', protocol = 'tcp'] = key.split('/')
    return { port: Number(port), protocol }
  })
}

function sharesNetwork({ HostConfig }: ContainerSpec): boolean {
  return /^(host$|container:|ns:)/.test(HostConfig.NetworkMode ?? '')
}

/**
 * A row of a TCP or UDP table: number, local address and port, remote address and port, state; all but the number are hexadecimal
 * (proc(5)).
 */
const ROW = /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) ([0-9A-F]+):[0-9A-F]{4} ([0-9A-F]{2}) /gm
const LISTEN = '0A'
/** The state of bound UDP sockets, which no TCP socket in a table has. */
const UNCONNECTED = '07'
/** The engine's DNS server in each container, 127.0.0.11. */
const ENGINE_DNS = '0B00007F'
/** A socket with a path or an abstract name (`@name`). */
const NAMED_LOCAL = /^[0-9a-f]+: (?:[0-9A-Fa-f]+ ){5}\s*\d+ [/@]/m

function socketsIn(tables: string): Sockets {
  const rows = [...tables.matchAll(ROW)].filter((row) => row[1] !== ENGINE_DNS && row[3] !== ENGINE_DNS)
  const servers = rows
    .filter((row) => row[4] === LISTEN || row[4] === UNCONNECTED)
    .map(([, address = '', port = '', , state]) => ({
      port: Number.parseInt(port, 16),
      protocol: state === LISTEN ? 'tcp' : 'udp',
      isLoopback: isLoopback(address),
    }))
  const talks = rows.some(([, address = '', , , state]) => state !== UNCONNECTED && isLoopback(address))
  return { servers, hasPrivate: talks || NAMED_LOCAL.test(tables) }
}

/** 127.0.0.0/8, ::1, and IPv4-mapped 127.0.0.0/8. The kernel prints words of four bytes in little-endian order. */
function isLoopback(address: string): boolean {
  if (address.length === 8) return address.endsWith('7F')
  if (address.startsWith('0000000000000000FFFF0000')) return address.endsWith('7F')
  return address === '00000000000000000000000001000000'
}
