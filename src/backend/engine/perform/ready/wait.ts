import { error } from '../../../../diagnostics/diagnostic.ts'
import type { ContainerDetail, Engine } from '../../../../docker/port.ts'
import { OVER, reportSlowCall } from '../../../../execute/slow-call.ts'
import { type Clock, type StepContext, StepFailure, type StepOutput } from '../../../../execute/step-context.ts'
import { Wakeup } from '../../../../util/async.ts'
import { isDead, isPaused, isRestarting, isRunning } from '../../../state.ts'
import type { EngineActions } from '../../action.ts'
import { collectFailureReport } from '../failure/failure-report.ts'
import { probeUntilPass } from './probe.ts'
import type { Semaphore } from './semaphore.ts'
import { Memory } from './sight.ts'
import { gone, judge, type Verdict } from './verdict.ts'
import type { Watch } from './watch.ts'

type Wait = EngineActions['wait-ready']

export interface WaitTools {
  engine: Engine
  watch: Watch
  probes: Semaphore
}

/**
 * Listens, then looks, and looks again whenever there is news, or time alone may have changed the verdict. A health test is also run by
 * ourselves, since the engine's first verdict may be half a minute away; only the engine's verdict can be a bad one.
 * @returns `restarts`: how often the engine had started the container again when it was ready
 */
export async function waitReady(
  tools: WaitTools,
  action: Wait,
  container: string,
  context: StepContext,
): Promise<StepOutput> {
  const { engine, watch } = tools
  const news = new Wakeup()
  const leave = await reportSlowCall(watch.listen(container, news.ring), context)
  const deadline = deadlineOf(action, context)
  const over = new AbortController()
  const stop = AbortSignal.any([context.signal, deadline.passed])
  const memory = new Memory(action.steadyMs ?? 0)
  const alarm = alarmClock(context.clock, news.ring)
  let probed: string | undefined
  let passed: string | undefined
  try {
    for (;;) {
      const detail = await reportSlowCall(engine.inspectContainer(container, context.signal), context)
      const now = context.clock.now()
      const verdict = detail ? judge(detail, action.condition, memory.look(detail, now)) : gone()
      const works = detail !== undefined && isRunning(detail)
      if (verdict?.ready || (works && passed === runOf(detail))) return { restarts: detail?.restartCount ?? 0 }
      if (verdict) throw await failure(engine, action, container, verdict)
      if (works && action.condition !== 'service_completed_successfully' && !probed) void probe(detail)
      context.progress(progressText(detail))
      alarm.set(detail && memory.nextLook(detail, now))
      await news.next(stop)
    }
  } catch (thrown) {
    if (deadline.passed.aborted && !context.signal.aborted) throw await timedOut(engine, action, container)
    throw thrown
  } finally {
    over.abort(OVER)
    alarm.set(undefined)
    leave()
    deadline.cancel()
  }

  /** Failures of our own probing mean nothing: the container may just have stopped, which the look after its event shows. */
  async function probe(detail: ContainerDetail): Promise<void> {
    probed = runOf(detail)
    const signal = AbortSignal.any([stop, over.signal])
    const isPassed = await probeUntilPass({ ...tools, clock: context.clock }, detail, signal).catch(() => false)
    if (isPassed) passed = probed
    probed = undefined
    if (isPassed) news.ring()
  }
}

/** A pass says nothing of a later run of the same container. */
function runOf({ id, startedAt }: ContainerDetail): string {
  return `${id} ${startedAt}`
}

/** Rings once, after the time that was set last. */
function alarmClock(clock: Clock, ring: () => void) {
  let set = new AbortController()
  return {
    set(ms: number | undefined): void {
      set.abort(OVER)
      set = new AbortController()
      if (ms !== undefined) clock.sleep(ms, set.signal).then(ring, () => undefined)
    },
  }
}

function deadlineOf({ timeoutMs }: Wait, { clock }: StepContext): { passed: AbortSignal; cancel(): void } {
  const passed = new AbortController()
  const cancelled = new AbortController()
  const ring = () => passed.abort()
  if (timeoutMs !== undefined) clock.sleep(timeoutMs, cancelled.signal).then(ring, () => undefined)
  return { passed: passed.signal, cancel: () => cancelled.abort() }
}

async function failure(
  engine: Engine,
  action: Wait,
  container: string,
  verdict: Exclude<Verdict, undefined> & { ready: false },
) {
  const { service, waiting } = action
  const report = await collectFailureReport(engine, { service, container, waiting, tries: verdict.tries })
  return new StepFailure(error(verdict.code, `${service} ${verdict.why}`), report)
}

async function timedOut(engine: Engine, action: Wait, container: string) {
  const { service, waiting, timeoutMs = 0 } = action
  const report = await collectFailureReport(engine, {
    service,
    container,
    waiting,
    tries: ['give it more time with --wait-timeout'],
  })
  return new StepFailure(error('wait-timeout', `${service} was not ready within ${timeoutMs / 1000} s`), report)
}

function progressText(detail: ContainerDetail | undefined): string {
  if (!detail) return 'waiting'
  if (isRestarting(detail)) return `restarting: it ended with exit code ${detail.exitCode}`
  if (!detail.running) return 'waiting'
  if (isPaused(detail)) return 'paused: flotilla unpause resumes it'
  return detail.health ? `health: ${detail.health.status}` : 'running'
}

/** How often a removal is looked after: one that fails ends without an event. */
const LOOK_AFTER_MS = 1_000

/** Until the engine has done what someone asked it for: the container is gone. One that it could not remove is removed by force. */
export async function waitGone(engine: Engine, watch: Watch, container: string, context: StepContext): Promise<void> {
  const { signal, clock } = context
  const news = new Wakeup()
  const leave = await reportSlowCall(watch.listen(container, news.ring), context)
  try {
    for (;;) {
      const detail = await reportSlowCall(engine.inspectContainer(container, signal), context)
      if (!detail) return
      if (isDead(detail)) await engine.removeContainer(container, { force: true, volumes: false })
      clock.sleep(LOOK_AFTER_MS, signal).then(news.ring, () => undefined)
      await news.next(signal)
    }
  } finally {
    leave()
  }
}
