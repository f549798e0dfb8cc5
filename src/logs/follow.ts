import type { Reader } from '../backend/reader.ts'
import type { FollowOptions } from './follow-options.ts'
import { Follower } from './follower.ts'

/** A running follower of logs. */
export interface Following {
  /**
   * Resolves when no container is running any more, or when the signal aborts. Waits for an engine that is away; rejects with its
   * error if it stays away.
   */
  ended: Promise<void>
  /** Resolves when the last lines of ended containers are printed. */
  drained(): Promise<void>
  /** Prints at once the lines that are held back for ordering. */
  flush(): void
}

/** Follows logs across ends, restarts and replacements. */
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

/** Like `following`, and waits for its end. */
export function follow(reader: Reader, options: FollowOptions, signal: AbortSignal): Promise<void> {
  return following(reader, options, signal).ended
}
