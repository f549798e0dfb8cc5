import { error } from '../../../../diagnostics/diagnostic.ts'
import type { Engine } from '../../../../docker/port.ts'
import { reportSlowCall } from '../../../../execute/slow-call.ts'
import { type StepContext, StepFailure, type StepOutput } from '../../../../execute/step-context.ts'
import { Wakeup } from '../../../../util/async.ts'
import type { EngineActions } from '../../action.ts'
import { collectFailureReport } from '../failure/failure-report.ts'
import type { Watch } from './watch.ts'

/** Watches a container for a while: it must neither end nor restart. */
export async function monitor(
  { engine, watch }: { engine: Engine; watch: Watch },
  { service, ms }: EngineActions['monitor'],
  container: string,
  context: StepContext,
): Promise<void> {
  const { clock, signal } = context
  const news = new Wakeup()
  const leave = await reportSlowCall(watch.listen(container, news.ring), context)
  const over = new AbortController()
  let passed = false
  const pass = () => {
    passed = true
    news.ring()
  }
  const time = clock.sleep(ms, AbortSignal.any([signal, over.signal])).then(pass, () => undefined)
  try {
    for (;;) {
      const detail = await reportSlowCall(engine.inspectContainer(container, signal), context)
      if (!detail?.running || detail.restartCount > 0) throw await failed(engine, service, container)
      if (passed) return
      await news.next(signal)
    }
  } finally {
    over.abort()
    leave()
    await time
  }
}

async function failed(engine: Engine, service: string, container: string): Promise<StepFailure> {
  const report = await collectFailureReport(engine, { service, container, waiting: [], tries: [] })
  return new StepFailure(error('container-exited', `${service} did not keep running after its update`), report)
}

export function judgeUpdate(
  { service, replicas, tolerated }: EngineActions['judge-update'],
  context: StepContext,
): StepOutput {
  const failures = replicas.filter((steps) => steps.some((step) => context.hasFailed(step))).length
  if (failures <= tolerated) return {}
  throw new StepFailure(
    error('start-failed', `the update of ${service} stops: ${failures} of ${replicas.length} replicas failed`),
  )
}
