import type { Reader } from '../backend/reader.ts'
import type { FollowOptions } from './follow-options.ts'
import { Follower } from './follower.ts'

/** Log following in progress. */
export interface Following {
  /**
   * Resolves when no container runs any more, or the signal aborts. Waits for an engine that is away; rejects with its error if it stays
   * away.
   */
  ended: Promise<void>
  /** Resolves when the last lines of containers that have ended are printed. */
  drained(): Promise<void>
  /** Prints at once what is held back for the sake of order. */
  flush(): void
}

/** Follows logs through ends, restarts and replacements. */
export function following(reader: Reader, options: FollowOptions, signal: AbortSignal): Following {
  const over = new AbortController()
  const follower = new Follower(reader, options, AbortSignal.any([signal, over.signal]))
  const run = async () => {
    try {
      await follower.run()
    } catch (thrown) {
      if (!signal.aborted) throw thrown
    } finally {
      over.abort()
      follower.flush()
    }
  }
  return { ended: run(), drained: () => follower.drained(), flush: () => follower.flush() }
}

/** As `following`, to the end. */
export function follow(reader: Reader, options: FollowOptions, signal: AbortSignal): Promise<void> {
  return following(reader, options, signal).ended
}
