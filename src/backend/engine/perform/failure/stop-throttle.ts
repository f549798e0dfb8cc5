import { OVER } from '../../../../execute/slow-call.ts'
import type { Clock } from '../../../../execute/step-context.ts'
import { semaphore } from '../../../../util/semaphore.ts'

/** The engine is quickest with so many stops and removals at once: `bench/floor/main.mjs` tried from one to all. */
const WIDTH = 8

/** Milliseconds after which a stop is slow because of the service, not the engine: it no longer takes a slot. */
const PATIENCE = 500

/** Carries out what ends containers, as many at once as the engine does best. */
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
