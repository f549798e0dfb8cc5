import type { Spoken } from '../../../backend/session.ts'
import type { Terminal } from '../../../view/terminal.ts'

/** How long and how much a program may go on to print that nobody reads, in milliseconds and bytes. */
const LONGEST = 10_000
const MOST = 1024 * 1024

/**
 * Handles the output of a program whose reader has gone (`| head`). A program on this machine ends then; one in a container does not notice. Most
 * are about to end, and then their exit code counts: only a program that keeps printing is given up.
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

  /** The program has printed so many bytes. */
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
