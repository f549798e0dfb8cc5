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
  log?: { after: number; stream?: 'stdout' | 'stderr'; text: string }[]
  /** What commands run inside give. By default the health test's result, and /proc/net/tcp for a command that reads it. */
  exec?: (spec: ExecSpec, sinceStart: number) => { exitCode: number; output: string }
  /** The engine cannot start the process. */
  startFails?: string
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
  const passesAfter = fixture.passesAfter ?? 0
  if (spec.cmd.some((word) => word.includes('/proc/net/tcp'))) {
    return { exitCode: 0, output: sockets(ports, sinceStart >= (fixture.listensAfter ?? passesAfter)) }
  }
  return sinceStart >= passesAfter ? { exitCode: 0, output: 'ok\n' } : { exitCode: 1, output: 'not ready\n' }
}

/** As the kernel prints it (proc(5)): numbers in hexadecimal. */
function sockets(ports: string[], open: boolean): string {
  const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
  const listening = ports.filter((port) => port.endsWith('/tcp')).map((port) => Number.parseInt(port, 10))
  const row = (port: number, index: number) =>
    `   ${index}: 00000000:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 ${LISTEN} 00000000:00000000 00:00000000 00000000 0 0 1\n`
  return header + (open ? listening.map(row).join('') : '')
}
