import { isAway } from '../diagnostics/backend-error.ts'
import type { Clock } from '../execute/step-context.ts'

/** Milliseconds between attempts, and for how long an engine may be away before it counts as gone. */
export const PAUSE = 1000
const GONE = 60_000

/** Retries while the engine is away, since it may be restarting. Throws the engine's error once it has been away for a minute. */
export async function retryWhileAway<T>(ask: () => Promise<T>, clock: Clock, signal: AbortSignal): Promise<T> {
  const began = clock.now()
  for (;;) {
    try {
      return await ask()
    } catch (thrown) {
      if (signal.aborted || !isAway(thrown) || clock.now() - began >= GONE) throw thrown
    }
    await clock.sleep(PAUSE, signal)
  }
}
