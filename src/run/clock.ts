import type { Clock } from './scope.ts'

/** The machine's own clock. */
export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const timer = setTimeout(settle, ms, resolve)
      const onAbort = () => settle(() => reject(signal?.reason))
      signal?.addEventListener('abort', onAbort, { once: true })
      function settle(done: () => void) {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        done()
      }
    }),
}
