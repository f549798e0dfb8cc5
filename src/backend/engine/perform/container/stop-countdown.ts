import { OVER } from '../../../../execute/slow-call.ts'
import type { StepContext } from '../../../../execute/step-context.ts'
import { DEFAULT_GRACE } from './stop.ts'

const SECOND = 1000

/**
 * While a container stops, reports every second how long it has left until the engine kills it.
 * @param grace seconds; absent: the engine's default; negative: unlimited
 */
export async function withCountdown(
  grace: number | undefined,
  { clock, progress }: Pick<StepContext, 'clock' | 'progress'>,
  stop: Promise<void>,
): Promise<void> {
  const over = new AbortController()
  void count(grace ?? DEFAULT_GRACE, over.signal).catch(() => undefined)
  try {
    await stop
  } finally {
    over.abort(OVER)
  }

  async function count(seconds: number, signal: AbortSignal): Promise<void> {
    for (let left = seconds - 1; left > 0; left--) {
      await clock.sleep(SECOND, signal)
      progress(`killed in ${left} s`)
    }
    if (seconds <= 0) return
    await clock.sleep(SECOND, signal)
    progress('being killed')
  }
}
