import { error } from '../../../diagnostics/diagnostic.ts'
import type { ContainerDetail, Engine } from '../../../docker/port.ts'
import { answered } from '../../../run/answered.ts'
import { type Scope, StepFailure } from '../../../run/scope.ts'
import type { EngineActions, ReadyCondition } from '../action.ts'
import { collectDossier } from './dossier.ts'
import type { Gate } from './gate.ts'
import { probeUntilPass } from './probe.ts'
import type { Watch } from './watch.ts'

type Wait = EngineActions['wait-ready']

/** `undefined`: not decided yet. */
type Verdict =
  | { ready: true }
  | { ready: false; code: 'container-exited' | 'container-unhealthy'; why: string; tries: string[] }
  | undefined

export interface WaitTools {
  engine: Engine
  watch: Watch
  gate: Gate
}

/**
 * Listens, then looks, and looks again whenever there is news: nothing is polled and nothing is missed. A health test is also run
 * by ourselves, since the engine's first verdict may be half a minute away; only the engine's verdict can be a bad one.
 */
export async function waitReady(tools: WaitTools, action: Wait, container: string, scope: Scope): Promise<void> {
  const { engine, watch } = tools
  const news = signalBox()
  const leave = await answered(watch.listen(container, news.ring), scope)
  const deadline = deadlineOf(action, scope)
  const over = new AbortController()
  const stop = AbortSignal.any([scope.signal, deadline.passed])
  let probing = false
  let passed = false
  let before: number | undefined
  try {
    for (;;) {
      const detail = await answered(engine.inspectContainer(container, scope.signal), scope)
      before ??= detail?.restartCount ?? 0
      const verdict = detail ? judge(detail, action.condition, detail.restartCount - before) : gone()
      if (verdict?.ready || (passed && detail?.running)) return
      if (verdict) throw await failure(engine, action, container, verdict)
      if (detail?.running && action.condition !== 'service_completed_successfully' && !probing) void probe(detail)
      scope.progress(progressText(detail))
      await news.next(stop)
    }
  } catch (thrown) {
    if (deadline.passed.aborted && !scope.signal.aborted) throw await timedOut(engine, action, container)
    throw thrown
  } finally {
    over.abort()
    leave()
    deadline.cancel()
  }

  /** Failures of our own probing mean nothing: the container may just have stopped, which the look after the news of it will tell. */
  async function probe(detail: ContainerDetail): Promise<void> {
    probing = true
    const signal = AbortSignal.any([stop, over.signal])
    passed = await probeUntilPass({ ...tools, clock: scope.clock }, detail, signal).catch(() => false)
    if (passed) news.ring()
    else probing = false
  }
}

function deadlineOf({ timeoutMs }: Wait, { clock }: Scope): { passed: AbortSignal; cancel(): void } {
  const passed = new AbortController()
  const cancelled = new AbortController()
  const ring = () => passed.abort()
  if (timeoutMs !== undefined) clock.sleep(timeoutMs, cancelled.signal).then(ring, () => undefined)
  return { passed: passed.signal, cancel: () => cancelled.abort() }
}

/** So often may a container end and be started again by the engine, which waits twice as long each time, before that counts as a failure. */
const MOST_RESTARTS = 3

/**
 * Running comes before health: at the moment a container dies its health still reads as it was.
 * @param restarts how often the engine has started it again since it is waited for
 */
export function judge(detail: ContainerDetail, condition: ReadyCondition, restarts = 0): Verdict {
  const isJob = condition === 'service_completed_successfully'
  if (detail.state === 'restarting' && restarts >= MOST_RESTARTS && !isJob) return keepsEnding(detail, restarts)
  const ended = !detail.running && detail.state !== 'restarting' && detail.state !== 'created'
  if (ended) return judgeEnded(detail, condition)
  if (isJob || !detail.running) return undefined
  const health = detail.health?.status
  if (health === undefined) return condition === 'running_or_healthy' ? { ready: true } : noHealthTest()
  if (health === 'healthy') return isOfThisRun(detail) ? { ready: true } : undefined
  return health === 'unhealthy' && isOfThisRun(detail) ? unhealthy(detail) : undefined
}

function judgeEnded({ exitCode }: ContainerDetail, condition: ReadyCondition): Verdict {
  if (exitCode === 0 && condition !== 'service_healthy') return { ready: true }
  return { ready: false, code: 'container-exited', why: `ended with exit code ${exitCode}`, tries: [] }
}

function keepsEnding({ exitCode }: ContainerDetail, restarts: number): Verdict {
  const why = `was started again ${restarts} times, and ended with exit code ${exitCode} once more`
  return { ready: false, code: 'container-exited', why, tries: [] }
}

/** A verdict from before the container's own start counts for nothing. */
function isOfThisRun({ health, startedAt }: ContainerDetail): boolean {
  const last = health?.log.at(-1)
  return !last || !startedAt || Date.parse(last.end) >= Date.parse(startedAt)
}

function unhealthy({ health }: ContainerDetail): Verdict {
  const times = health?.failingStreak ?? 0
  const why = `is unhealthy: its health test failed ${times > 1 ? `${times} times in a row` : 'once'}`
  return { ready: false, code: 'container-unhealthy', why, tries: [] }
}

function noHealthTest(): Verdict {
  const tries = ['give it a `healthcheck`, or wait for `service_started` instead']
  return { ready: false, code: 'container-unhealthy', why: 'has no health test that could pass', tries }
}

function gone(): Verdict {
  return { ready: false, code: 'container-exited', why: 'was removed while it was waited for', tries: GONE }
}

const GONE = ['see who removed it, and run this again: it is made anew']

async function failure(
  engine: Engine,
  action: Wait,
  container: string,
  verdict: Exclude<Verdict, undefined> & { ready: false },
) {
  const { service, waiting } = action
  const dossier = await collectDossier(engine, { service, container, waiting, tries: verdict.tries })
  return new StepFailure(error(verdict.code, `${service} ${verdict.why}`), dossier)
}

async function timedOut(engine: Engine, action: Wait, container: string) {
  const { service, waiting, timeoutMs = 0 } = action
  const dossier = await collectDossier(engine, {
    service,
    container,
    waiting,
    tries: ['give it more time with --wait-timeout'],
  })
  return new StepFailure(error('wait-timeout', `${service} was not ready within ${timeoutMs / 1000} s`), dossier)
}

function progressText(detail: ContainerDetail | undefined): string {
  if (detail?.state === 'restarting') return `restarting: it ended with exit code ${detail.exitCode}`
  if (!detail?.running) return 'waiting'
  return detail.health ? `health: ${detail.health.status}` : 'running'
}

/** A bell that remembers one ring: news that comes while nobody listens is there at once for the next who does. */
export function signalBox() {
  let rung = false
  let wake: (() => void) | undefined
  return {
    ring: () => {
      rung = true
      wake?.()
    },
    next: (signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        const settle = (done: () => void) => {
          wake = undefined
          signal.removeEventListener('abort', onAbort)
          rung = false
          done()
        }
        const onAbort = () => settle(() => reject(signal.reason))
        if (signal.aborted) return onAbort()
        signal.addEventListener('abort', onAbort, { once: true })
        wake = () => settle(resolve)
        if (rung) wake()
      }),
  }
}

/** How often a removal is looked after: one that fails ends without an event. */
const LOOK_AFTER_MS = 1_000

/** Until the engine has done what someone asked it for: the container is gone. One that it could not remove is removed by force. */
export async function waitGone(engine: Engine, watch: Watch, container: string, scope: Scope): Promise<void> {
  const { signal, clock } = scope
  const news = signalBox()
  const leave = await answered(watch.listen(container, news.ring), scope)
  try {
    for (;;) {
      const detail = await answered(engine.inspectContainer(container, signal), scope)
      if (!detail) return
      if (detail.state === 'dead') await engine.removeContainer(container, { force: true, volumes: false })
      clock.sleep(LOOK_AFTER_MS, signal).then(news.ring, () => undefined)
      await news.next(signal)
    }
  } finally {
    leave()
  }
}
