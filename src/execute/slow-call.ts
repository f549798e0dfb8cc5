import type { StepContext } from './step-context.ts'

/** How long a call may take before it is reported. */
const PATIENCE_MS = 10_000

/**
 * The reason for aborts of waits that are no longer needed. Without a reason, every abort creates an error with a stack
 * trace.
 */
export const OVER = 'over'

/**
 * Resolves with the answer to a call. A call may take any time, but a long silence is reported repeatedly, and from
 * then on an interrupt abandons the call.
 * @param allowance milliseconds of silence that are normal for this call
 */
export async function reportSlowCall<T>(
  asked: Promise<T>,
  { signal, clock, progress }: Pick<StepContext, 'signal' | 'clock' | 'progress'>,
  allowance = 0,
): Promise<T> {
  const over = new AbortController()
  const silence = untilGivenUp()
  silence.catch(() => undefined)
  try {
    return await Promise.race([asked, silence])
  } finally {
    over.abort(OVER)
  }

  async function untilGivenUp(): Promise<never> {
    const began = clock.now()
    await clock.sleep(allowance + PATIENCE_MS, over.signal)
    for (;;) {
      progress(`no answer from the engine for ${Math.round((clock.now() - began) / 1000)} s`)
      await clock.sleep(PATIENCE_MS, AbortSignal.any([signal, over.signal]))
    }
  }
}
