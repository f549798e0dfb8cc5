import type { Engine } from '../../../../docker/port.ts'
import { reportSlowCall } from '../../../../execute/slow-call.ts'
import type { StepContext } from '../../../../execute/step-context.ts'
import { Wakeup } from '../../../../util/async.ts'
import { isDead } from '../../../state.ts'
import type { Watch } from './watch.ts'

/** Between two looks: a removal that fails ends without an event. */
const LOOK_AFTER_MS = 1_000

/** Waits until the engine has removed a container, as somebody requested. One that it could not remove is removed by force. */
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
