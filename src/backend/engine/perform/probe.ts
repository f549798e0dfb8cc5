import type { ContainerDetail, Engine } from '../../../docker/port.ts'
import type { HealthSpec } from '../../../docker/spec.ts'
import type { Clock } from '../../../run/scope.ts'
import type { Gate } from './gate.ts'

/** The engine's own default for a test without a timeout (Dockerfile reference, HEALTHCHECK). */
const DEFAULT_TIMEOUT_MS = 30_000
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 1_000
/** Pauses grow with what a probe costs, so that probing never takes more than a sixth of a container's time. */
const COST_FACTOR = 5

export interface ProbeTools {
  engine: Engine
  clock: Clock
  /** How many probes run at once, over all containers. */
  gate: Gate
}

/**
 * Runs a container's declared health test itself instead of waiting for the engine's interval (30 s by default).
 * Resolves to true at the first pass that counts; to false where the engine's verdict has to decide: there is no test, the
 * test takes longer than its timeout, or it cannot be told whether the service listens. A failed probe only means: not yet.
 */
export async function probeUntilPass(
  tools: ProbeTools,
  detail: ContainerDetail,
  signal: AbortSignal,
): Promise<boolean> {
  const command = commandOf(detail.spec.Healthcheck)
  if (!command) return false
  const timeout = timeoutOf(detail.spec.Healthcheck)
  for (let attempt = 0; ; attempt++) {
    const began = tools.clock.now()
    const answer = await tools.gate.through(() =>
      limited(tools, timeout, signal, (limit) => probe(tools, detail, command, limit)),
    )
    if (answer !== 'not yet') return answer === 'passed'
    await tools.clock.sleep(pauseAfter(attempt, tools.clock.now() - began), signal)
  }
}

/** A test that hangs must not keep others waiting: after its own timeout it is left to the engine. */
async function limited(
  { clock }: ProbeTools,
  timeout: number,
  signal: AbortSignal,
  run: (limit: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const [expired, over] = [new AbortController(), new AbortController()]
  clock.sleep(timeout, AbortSignal.any([signal, over.signal])).then(
    () => expired.abort(),
    () => undefined,
  )
  try {
    return await run(AbortSignal.any([signal, expired.signal]))
  } catch (thrown) {
    if (expired.signal.aborted && !signal.aborted) return 'unknown'
    throw thrown
  } finally {
    over.abort()
  }
}

/** Milliseconds until the next probe: more each time, in proportion to what a probe costs, a second at most. */
export function pauseAfter(attempt: number, took: number): number {
  return Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS * 1.5 ** attempt, COST_FACTOR * took))
}

type Answer = 'passed' | 'not yet' | 'unknown'

async function probe(
  { engine }: ProbeTools,
  detail: ContainerDetail,
  cmd: string[],
  signal: AbortSignal,
): Promise<Answer> {
  const test = await engine.exec(detail.id, { cmd }, signal)
  if (test.exitCode !== 0) return 'not yet'
  return listens(engine, detail, signal)
}

/**
 * While an entrypoint initialises a database, a temporary server may answer on a private socket: a pass counts only once one of the
 * exposed TCP ports is listened on. Without an exposed port there is nothing to look at.
 */
async function listens(engine: Engine, { id, spec }: ContainerDetail, signal: AbortSignal): Promise<Answer> {
  const ports = Object.keys(spec.ExposedPorts ?? {})
    .filter((key) => !/\/(udp|sctp)$/.test(key))
    .map((key) => Number.parseInt(key, 10))
  if (ports.length === 0) return 'passed'
  const tables = await engine.exec(id, { cmd: ['cat', '/proc/net/tcp', '/proc/net/tcp6'] }, signal)
  if (!/local_address/.test(tables.output)) return 'unknown'
  const open = listeningPorts(tables.output)
  return ports.some((port) => open.has(port)) ? 'passed' : 'not yet'
}

/** State 0A is LISTEN; addresses and ports are hexadecimal (proc(5)). */
export function listeningPorts(tables: string): Set<number> {
  const rows = tables.matchAll(/^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} 0A /gm)
  return new Set([...rows].map((row) => Number.parseInt(row[1] ?? '', 16)))
}

/** As the engine would run it: `CMD-SHELL` in the container's shell. */
function commandOf(health: HealthSpec | undefined): string[] | undefined {
  const [kind, ...words] = health?.Test ?? []
  if (kind === 'CMD' && words.length > 0) return words
  return kind === 'CMD-SHELL' && words[0] !== undefined ? ['/bin/sh', '-c', words[0]] : undefined
}

function timeoutOf(health: HealthSpec | undefined): number {
  return health?.Timeout ? health.Timeout / 1e6 : DEFAULT_TIMEOUT_MS
}
