import type { Engine } from '../../../../docker/port.ts'
import { reportSlowCall } from '../../../../execute/slow-call.ts'
import type { StepContext } from '../../../../execute/step-context.ts'
import { Wakeup } from '../../../../util/async.ts'
import { isDead } from '../../../state.ts'
import type { Watch } from './watch.ts'

/** The polling interval: a failed removal sends no event. */
const LOOK_AFTER_MS = 1_000

/** Waits until the engine has completed a requested removal. Removes the container by force if the engine could not. */
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
