import type { StepContext } from './step-context.ts'

/** So long an engine may take over a call that is normally answered at once, before that is told. */
const PATIENCE_MS = 10_000

/** Why nobody waits any more. Without a reason of ours an abort makes an error, with a stack, for every call. */
export const OVER = 'over'

/**
 * The answer to a call. There is no limit to how long an engine may take; but a silence is told of, again and again, and once it has
 * been told of nobody has to wait for its end: then an interrupt gives the call up.
 * @param allowance milliseconds for which the silence is as it should be
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
