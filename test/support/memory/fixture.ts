import type { BuildSpec, ExecSpec } from '../../../src/docker/port.ts'

/** An image, and how the process in a container of it behaves. Milliseconds count from the container's start. */
export interface ImageFixture {
  volumes?: string[]
  exposedPorts?: string[]
  env?: string[]
  entrypoint?: string[]
  cmd?: string[]
  user?: string
  labels?: Record<string, string>
  healthcheck?: string[]
  /** Any text: images that differ in nothing else differ by it. */
  content?: string
  /** When the process ends by itself. By default it runs until it is stopped. */
  exits?: { after: number; code: number; oomKilled?: boolean }
  /** Its exit code when it is asked to stop. Default 143. */
  stopsWith?: number
  /** It does not listen when asked to stop, and has to be killed. */
  ignoresStop?: boolean
  /** When the health test begins to pass. Default 0; `Infinity` for never. */
  passesAfter?: number
  /** What the health test prints as long as it fails. Default `not ready`. */
  failsWith?: string
  /** The exit code with which it does. Default 1. */
  failsWithCode?: number
  /** Files of the image, by absolute path. */
  files?: Record<string, string>
  /** What the process writes when it starts, where it is not there yet. */
  writes?: Record<string, string>
  /** What its creation is remarked on by the engine. */
  warnings?: string[]
  /** When its exposed ports are open. Default as `passesAfter`. */
  listensAfter?: number
  /** Its servers instead, exposed or not; the health test passes while one of them listens. */
  servers?: ServerFixture[]
  log?: { after: number; stream?: 'stdout' | 'stderr'; text: string }[]
  /** What commands run inside give. By default the health test's result, and /proc/net/tcp for a command that reads it. */
  exec?: (spec: ExecSpec, sinceStart: number) => { exitCode: number; output: string }
  /** Commands that are given input read it to its end first. */
  readsInput?: true
  /** The engine cannot start the process. */
  startFails?: string
}

/** Without an `until` it listens for good. `local`: on a socket with a path; else a TCP port on that address. */
export interface ServerFixture {
  from: number
  until?: number
  on: 'everywhere' | 'loopback' | 'loopback6' | 'local'
  port?: number
}

/** What the builder makes of a build; an Error is a failed one. */
export type BuildFixture = (spec: BuildSpec) => ImageFixture | Error

export const RUNS: ImageFixture = { cmd: ['run'] }

const LISTEN = '0A'

/** What a container of the image answers to a command. */
export function answerTo(
  fixture: ImageFixture,
  spec: ExecSpec,
  ports: string[],
  sinceStart: number,
): { exitCode: number; output: string } {
  if (fixture.exec) return fixture.exec(spec, sinceStart)
  if (spec.cmd.some((word) => word.includes('/proc/net/tcp')))
    return { exitCode: 0, output: sockets(serversOf(fixture, ports).filter((server) => isUp(server, sinceStart))) }
  return passes(fixture, sinceStart) ? { exitCode: 0, output: 'ok\n' } : { exitCode: 1, output: 'not ready\n' }
}

/** Whether the health test of a container of the image passes, so long after its start. */
export function passes({ passesAfter, servers }: ImageFixture, sinceStart: number): boolean {
  if (servers && passesAfter === undefined) return servers.some((server) => isUp(server, sinceStart))
  return sinceStart >= (passesAfter ?? 0)
}

function isUp({ from, until = Number.POSITIVE_INFINITY }: ServerFixture, sinceStart: number): boolean {
  return sinceStart >= from && sinceStart < until
}

function serversOf({ servers, listensAfter, passesAfter = 0 }: ImageFixture, ports: string[]): ServerFixture[] {
  const exposed = ports.filter((port) => port.endsWith('/tcp')).map((port) => Number.parseInt(port, 10))
  return servers ?? exposed.map((port) => ({ from: listensAfter ?? passesAfter, on: 'everywhere', port }))
}

const ADDRESSES = {
  everywhere: '00000000',
  loopback: '0100007F',
  loopback6: '00000000000000000000000001000000',
} as const

/** As the kernel prints it (proc(5)): numbers in hexadecimal. */
function sockets(servers: ServerFixture[]): string {
  const rows = servers.flatMap(({ on, port = 0 }, index) =>
    on === 'local' ? [] : [row(index, ADDRESSES[on], port.toString(16).toUpperCase().padStart(4, '0'))],
  )
  const named = servers.filter(({ on }) => on === 'local').map(() => LOCAL_SOCKET)
  return [TCP_HEADER, ...rows, LOCAL_HEADER, ...named, ''].join('\n')
}

const TCP_HEADER = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
const LOCAL_HEADER = 'Num       RefCount Protocol Flags    Type St Inode Path'
const LOCAL_SOCKET = '0000000000000000: 00000002 00000000 00010000 0001 01 321 /run/server.sock'

function row(index: number, address: string, port: string): string {
  const remote = address.replaceAll(/./g, '0')
  return `   ${index}: ${address}:${port} ${remote}:0000 ${LISTEN} 00000000:00000000 00:00000000 00000000 0 0 1`
}
