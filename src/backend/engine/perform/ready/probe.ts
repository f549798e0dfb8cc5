import { type ContainerDetail, type Engine, EngineError } from '../../../../docker/port.ts'
import type { HealthSpec } from '../../../../docker/spec.ts'
import type { Clock } from '../../../../execute/step-context.ts'
import type { Semaphore } from '../../../../util/semaphore.ts'
import {
  belowInit,
  filesOf,
  isPreparing,
  isSameProcess,
  isScript,
  type MainProcess,
  mainProcess,
} from './main-program.ts'
import { afterTables, evidenceIn, SOCKET_TABLES } from './sockets.ts'

/** The engine's default for a test without a timeout (Dockerfile reference, HEALTHCHECK). */
const DEFAULT_TIMEOUT_MS = 30_000
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 1_000
/** Pauses are proportional to a probe's cost, so that probing takes at most a sixth of a container's time. */
const COST_FACTOR = 5
/** The main process's id in the container's own namespace. */
const FIRST_PID = 1
/** A pass without a server must hold for this long: at least two probes, and `docker compose` polls at this interval. */
const HOLD_MS = 500
/** How long a script must have had the same children: between two commands it has none, or only a temporary server. */
const SCRIPT_HOLD_MS = 200

export interface ProbeTools {
  engine: Engine
  clock: Clock
  /** Limits concurrent probes over all containers. */
  probes: Semaphore
}

/**
 * Runs a container's declared health test directly instead of waiting for the engine's interval (30 s by default). Resolves to true
 * at the first conclusive pass. Resolves to false if the engine's verdict has to decide: there is no test, the test exceeds its
 * timeout, or it is unknown whether the service listens. A failed probe only means: not yet.
 */
export async function probeUntilPass(
  tools: ProbeTools,
  detail: ContainerDetail,
  signal: AbortSignal,
): Promise<boolean> {
  const command = commandOf(detail.spec.Healthcheck)
  if (!command) return false
  const timeout = timeoutOf(detail.spec.Healthcheck)
  let held: Held | undefined
  for (let attempt = 0; ; attempt++) {
    const began = tools.clock.now()
    const answer = await tools.probes.run(() =>
      limited(tools, timeout, signal, (limit) => probe(tools, detail, command, limit)),
    )
    if (answer === 'passed' || answer === 'unknown') return answer === 'passed'
    const now = tools.clock.now()
    held = holding(held, answer, began)
    if (held && began - held.since >= HOLD_MS) return true
    const pause = pauseAfter(attempt, now - began)
    await tools.clock.sleep(held ? Math.min(pause, held.since + HOLD_MS - now) : pause, signal)
  }
}

/** The start of an unbroken series of passes without a server, in the same main process. */
interface Held {
  main: string
  since: number
}

function holding(held: Held | undefined, answer: Answer, now: number): Held | undefined {
  if (typeof answer === 'string') return undefined
  return held?.main === answer.main ? held : { main: answer.main, since: now }
}

/** A hanging test must not block others: after its own timeout, only the engine continues to test. */
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

/** Milliseconds until the next probe: increases with each attempt, in proportion to the cost of a probe, up to one second. */
export function pauseAfter(attempt: number, took: number): number {
  return Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS * 1.5 ** attempt, COST_FACTOR * took))
}

/** An object means: passed, but no server found; `main` is the container's main process. */
type Answer = 'passed' | 'not yet' | 'unknown' | { main: string }

async function probe(tools: ProbeTools, detail: ContainerDetail, cmd: string[], signal: AbortSignal): Promise<Answer> {
  const test = await ran(tools.engine, detail.id, cmd, signal)
  return test?.exitCode === 0 ? weigh(tools, detail, signal) : 'not yet'
}

/** Resolves to `undefined` if the command could not be run. */
async function ran(engine: Engine, container: string, cmd: string[], signal: AbortSignal) {
  try {
    return await engine.exec(container, { cmd }, signal)
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.kind === 'refused') return undefined
    throw thrown
  }
}

/**
 * While an entrypoint initialises a database, a temporary server may answer on a private socket or the loopback address. A pass
 * therefore counts at once only if a port listens that others can reach. A private server is left to the engine's own test, and so
 * is any server while a script is still running.
 */
async function weigh(tools: ProbeTools, detail: ContainerDetail, signal: AbortSignal): Promise<Answer> {
  const { engine } = tools
  const first = await lookAt(engine, detail, FIRST_PID, signal)
  const init = first.evidence === 'reachable' ? belowInit(first.process) : undefined
  // Read the sockets again together with the processes: a temporary server may have ended since the first read.
  const second = init === undefined ? undefined : await lookAt(engine, detail, init, signal)
  switch (second?.evidence ?? first.evidence) {
    case 'reachable':
      if (isPreparing(first.process, second?.process)) return 'not yet'
      return (await stays(tools, detail, { pid: init ?? FIRST_PID, seen: (second ?? first).process }, signal))
        ? 'passed'
        : 'not yet'
    case 'private':
      return 'not yet'
    case 'none':
      return second ? 'not yet' : { main: first.process.words.join(' ') }
    case 'unknown':
      return 'unknown'
  }
}

/** Whether a server may be relied on: at once, unless a script started it. */
async function stays(
  { engine, clock }: ProbeTools,
  detail: ContainerDetail,
  { pid, seen }: { pid: number; seen: MainProcess },
  signal: AbortSignal,
): Promise<boolean> {
  if (!isScript(seen)) return true
  await clock.sleep(SCRIPT_HOLD_MS, signal)
  const { evidence, process } = await lookAt(engine, detail, pid, signal)
  return evidence === 'reachable' && isSameProcess(process, seen)
}

async function lookAt(engine: Engine, { id, spec }: ContainerDetail, pid: number, signal: AbortSignal) {
  const read = await ran(engine, id, ['cat', ...SOCKET_TABLES, ...filesOf(pid)], signal)
  const output = read?.output ?? ''
  return { evidence: evidenceIn(output, spec), process: mainProcess(afterTables(output)) }
}

/** The command as the engine would run it: `CMD-SHELL` uses the container's shell. */
function commandOf(health: HealthSpec | undefined): string[] | undefined {
  const [kind, ...words] = health?.Test ?? []
  if (kind === 'CMD' && words.length > 0) return words
  return kind === 'CMD-SHELL' && words[0] !== undefined ? ['/bin/sh', '-c', words[0]] : undefined
}

function timeoutOf(health: HealthSpec | undefined): number {
  return health?.Timeout ? health.Timeout / 1e6 : DEFAULT_TIMEOUT_MS
}
