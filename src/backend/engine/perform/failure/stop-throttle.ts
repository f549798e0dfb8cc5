import { OVER } from '../../../../execute/slow-call.ts'
import type { Clock } from '../../../../execute/step-context.ts'
import { semaphore } from '../../../../util/semaphore.ts'

/** The engine is fastest with this many concurrent stops and removals: `bench/floor/main.mjs` measured from one to all. */
const WIDTH = 8

/** After this many milliseconds, a stop is slow because of the service, not the engine, and no longer takes a slot. */
const PATIENCE = 500

/** Limits concurrent stops and removals to the number at which the engine is fastest. */
export type StopThrottle = <T>(clock: Clock, end: () => Promise<T>) => Promise<T>

export function stopThrottle(): StopThrottle {
  const narrow = semaphore(WIDTH)
  return async (clock, end) => {
    const leave = await narrow.acquire()
    const over = new AbortController()
    void clock.sleep(PATIENCE, over.signal).then(leave, leave)
    try {
      return await end()
    } finally {
      over.abort(OVER)
      leave()
    }
  }
}
