import { hrtime } from 'node:process'
import type { Clock } from './step-context.ts'

/** The system clock. */
export const realClock: Clock = {
  // The first use of the global `performance` would load eight modules of Node.
  now: () => Number(hrtime.bigint()) / 1e6,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const timer = setTimeout(settle, Math.min(ms, LONGEST_MS), resolve)
      const onAbort = () => settle(() => reject(signal?.reason))
      signal?.addEventListener('abort', onAbort, { once: true })
      function settle(done: () => void) {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        done()
      }
    }),
}

/** Node's timers are limited to 31 bits, and fire at once for longer times. */
const LONGEST_MS = 2 ** 31 - 1
