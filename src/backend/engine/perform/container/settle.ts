import type { Engine } from '../../../../docker/port.ts'
import { reportSlowCall } from '../../../../execute/slow-call.ts'
import { Wakeup } from '../../../../util/async.ts'
import type { Settling } from '../../../backend.ts'
import type { Journal } from '../../../journal.ts'
import { settleCreations } from '../creations.ts'
import type { Watch } from '../ready/watch.ts'

/** Waits until the engine has completed the requests of killed commands: until then, its state is still changing. */
export async function settle(engine: Engine, watch: Watch, journal: Journal, settling: Settling): Promise<void> {
  await Promise.all([
    settleStops(engine, watch, journal, settling),
    settleCreations(engine, journal.creations, settling),
  ])
}

async function settleStops(engine: Engine, watch: Watch, journal: Journal, settling: Settling): Promise<void> {
  const pending = journal.pending()
  const known = await Promise.all(pending.map((each) => untilStopped(engine, watch, each, settling)))
  // A container that this engine does not know may belong to another engine; its entry stays until its time is over.
  for (const [position, { container, remainingMs }] of pending.entries())
    if (known[position] || remainingMs === 0) journal.stopped(container)
}

async function untilStopped(
  engine: Engine,
  watch: Watch,
  { container, remainingMs }: { container: string; remainingMs: number },
  { signal, clock, onWait }: Settling,
): Promise<boolean> {
  const news = new Wakeup()
  const context = { signal, clock, progress: () => onWait(container.slice(0, 12), 'stop') }
  const leave = await reportSlowCall(watch.listen(container, news.ring), context)
  const over = new AbortController()
  const either = AbortSignal.any([signal, over.signal])
  const deadline = clock.sleep(remainingMs, either).then(
    () => over.abort(),
    () => undefined,
  )
  try {
    for (let isReported = false; ; isReported = true) {
      const detail = await reportSlowCall(engine.inspectContainer(container, signal), context)
      if (!detail?.running || over.signal.aborted) return detail !== undefined
      if (!isReported) onWait(detail.name, 'stop')
      await news.next(either).catch(() => signal.throwIfAborted())
    }
  } finally {
    leave()
    over.abort()
    await deadline
  }
}
