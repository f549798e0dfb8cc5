import { error } from '../../../../diagnostics/diagnostic.ts'
import type { Engine } from '../../../../docker/port.ts'
import { answered } from '../../../../execute/slow-call.ts'
import { type Scope, StepFailure, type StepOutput } from '../../../../execute/step-context.ts'
import { Wakeup } from '../../../../util/async.ts'
import type { EngineActions } from '../../action.ts'
import { collectDossier } from '../failure/dossier.ts'
import type { Watch } from './watch.ts'

/** Looks at a container for a while: it must neither end nor be restarted. */
export async function monitor(
  { engine, watch }: { engine: Engine; watch: Watch },
  { service, ms }: EngineActions['monitor'],
  container: string,
  scope: Scope,
): Promise<void> {
  const { clock, signal } = scope
  const news = new Wakeup()
  const leave = await answered(watch.listen(container, news.ring), scope)
  const over = new AbortController()
  let passed = false
  const pass = () => {
    passed = true
    news.ring()
  }
  const time = clock.sleep(ms, AbortSignal.any([signal, over.signal])).then(pass, () => undefined)
  try {
    for (;;) {
      const detail = await answered(engine.inspectContainer(container, signal), scope)
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
  const dossier = await collectDossier(engine, { service, container, waiting: [], tries: [] })
  return new StepFailure(error('container-exited', `${service} did not keep running after its update`), dossier)
}

export function judgeUpdate({ service, replicas, tolerated }: EngineActions['judge-update'], scope: Scope): StepOutput {
  const failures = replicas.filter((steps) => steps.some((step) => scope.hasFailed(step))).length
  if (failures <= tolerated) return {}
  throw new StepFailure(
    error('start-failed', `the update of ${service} stops: ${failures} of ${replicas.length} replicas failed`),
  )
}
