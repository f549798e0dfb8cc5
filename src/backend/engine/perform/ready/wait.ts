import { error } from '../../../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../../../diagnostics/own-command.ts'
import type { ContainerDetail, Engine } from '../../../../docker/port.ts'
import { OVER, reportSlowCall } from '../../../../execute/slow-call.ts'
import { type Clock, type StepContext, StepFailure, type StepOutput } from '../../../../execute/step-context.ts'
import { Wakeup } from '../../../../util/async.ts'
import type { Semaphore } from '../../../../util/semaphore.ts'
import { isPaused, isRestarting, isRunning } from '../../../state.ts'
import type { EngineActions } from '../../action.ts'
import { collectFailureReport } from '../failure/failure-report.ts'
import { Probing } from './probing.ts'
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
 * Subscribes, then checks the container, and checks again after each event or when time alone may change the verdict. Also runs the
 * health test directly, since the engine's first verdict may be half a minute away; only the engine's verdict can be negative.
 * @returns `restarts`: the engine's restart count when the container became ready
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
  const stop = AbortSignal.any([context.signal, deadline.passed])
  const probing = new Probing({ ...tools, clock: context.clock }, stop, news.ring)
  try {
    return await untilReady({ engine, action, container, context }, probing, news, stop)
  } catch (thrown) {
    if (deadline.passed.aborted && !context.signal.aborted) throw await timedOut(engine, action, container)
    throw thrown
  } finally {
    probing.end()
    leave()
    deadline.cancel()
  }
}

interface Waiting {
  engine: Engine
  action: Wait
  container: string
  context: StepContext
}

async function untilReady(waiting: Waiting, probing: Probing, news: Wakeup, stop: AbortSignal): Promise<StepOutput> {
  const { engine, action, container, context } = waiting
  const memory = new Memory(action.steadyMs ?? 0)
  const alarm = alarmClock(context.clock, news.ring)
  try {
    for (;;) {
      const detail = await reportSlowCall(engine.inspectContainer(container, context.signal), context)
      const now = context.clock.now()
      const verdict = detail ? judge(detail, action.condition, memory.look(detail, now)) : gone()
      const works = detail !== undefined && isRunning(detail)
      if (verdict?.ready || (works && probing.hasPassed(detail))) return { restarts: detail?.restartCount ?? 0 }
      if (verdict) throw await failure(engine, action, container, verdict)
      if (works && action.condition !== 'service_completed_successfully') probing.begin(detail)
      context.progress(progressText(detail))
      alarm.set(detail && memory.nextLook(detail, now))
      await news.next(stop)
    }
  } finally {
    alarm.set(undefined)
  }
}

/** Rings once, at the time set last. */
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
  if (isPaused(detail)) return `paused: ${ownCommand('unpause')} resumes it`
  return detail.health ? `health: ${detail.health.status}` : 'running'
}
