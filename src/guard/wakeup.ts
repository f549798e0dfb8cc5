import type { Clock } from '../execute/step-context.ts'
import type { Wakeup } from '../util/async.ts'

/** Until it is rung, until that time of the clock, or until the signal aborts, which rejects. */
export async function rungOrDue(wakeup: Wakeup, clock: Clock, signal: AbortSignal, until?: number): Promise<void> {
  const over = new AbortController()
  const given = AbortSignal.any([signal, over.signal])
  const due = until === undefined ? [] : [clock.sleep(Math.max(0, until - clock.now()), given)]
  const waits = [wakeup.next(given), ...due]
  for (const each of waits) each.catch(() => undefined)
  try {
    await Promise.race(waits)
  } finally {
    over.abort()
  }
}
