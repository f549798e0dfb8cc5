import type { Spoken } from '../../../backend/session.ts'
import type { Terminal } from '../../../view/terminal.ts'

/** Limits, in milliseconds and bytes, for a program that prints without a reader. */
const LONGEST = 10_000
const MOST = 1024 * 1024

/**
 * Handles a program's output after its reader has gone (`| head`). A program on this machine would end; one in a container does not
 * notice. Most programs are about to end, and then their exit code counts: only a program that keeps printing is abandoned.
 */
export class Unread {
  #since: number | undefined
  #bytes = 0
  #enough: (() => void) | undefined

  constructor(
    private readonly terminal: Terminal,
    onEnough: () => void,
  ) {
    this.#enough = onEnough
  }

  /** Records that the program has printed this many bytes. */
  note(stream: Spoken['stream'], bytes: number): void {
    const { out, err, clock } = this.terminal
    if (!(stream === 'stdout' ? out : err).lost?.aborted) return
    this.#since ??= clock.now()
    this.#bytes += bytes
    if (this.#bytes < MOST && clock.now() - this.#since < LONGEST) return
    this.#enough?.()
    this.#enough = undefined
  }
}
