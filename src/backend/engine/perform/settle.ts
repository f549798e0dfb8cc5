import type { Engine } from '../../../docker/port.ts'
import type { Settling } from '../../backend.ts'
import type { Journal } from '../../journal.ts'
import { signalBox } from './wait.ts'
import type { Watch } from './watch.ts'

/** Lets the engine finish what a killed command had asked for, instead of taking the state of this moment for the end. */
export async function settle(engine: Engine, watch: Watch, journal: Journal, settling: Settling): Promise<void> {
  const pending = journal.pending()
  await Promise.all(pending.map((each) => untilStopped(engine, watch, each, settling)))
  for (const { container } of pending) journal.stopped(container)
}

async function untilStopped(
  engine: Engine,
  watch: Watch,
  { container, remainingMs }: { container: string; remainingMs: number },
  { signal, clock, onWait }: Settling,
): Promise<void> {
  const news = signalBox()
  const leave = await watch.listen(container, news.ring)
  const over = new AbortController()
  const deadline = clock.sleep(remainingMs, AbortSignal.any([signal, over.signal])).then(
    () => over.abort(),
    () => undefined,
  )
  try {
    for (let told = false; ; told = true) {
      const detail = await engine.inspectContainer(container, signal)
      if (!detail?.running || over.signal.aborted) return
      if (!told) onWait(detail.name)
      await news.next(AbortSignal.any([signal, over.signal])).catch(() => signal.throwIfAborted())
    }
  } finally {
    leave()
    over.abort()
    await deadline
  }
}
