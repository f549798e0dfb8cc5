import type { AttachFlags } from './attach-flags.ts'
import type { Exit, Named } from './follow.ts'

/**
 * Which end of a container ends an attached `up`, and with what exit code: that of the first such container, or of the service that
 * --exit-code-from names.
 */
export class Verdict {
  /** Aborts when everything is to be stopped. */
  readonly signal: AbortSignal
  /** The container whose end it is. */
  cause: { replica: Named; exit: Exit } | undefined
  readonly #abort = new AbortController()
  #from: number | undefined

  constructor(
    private readonly flags: Pick<AttachFlags, 'abortOnContainerExit' | 'abortOnContainerFailure' | 'exitCodeFrom'>,
    private readonly isAwaited: (service: string) => boolean,
  ) {
    this.signal = this.#abort.signal
  }

  /** What `up` exits with if nobody interrupts it. */
  get code(): number {
    return this.#from ?? (this.cause ? codeOf(this.cause.exit) : 0)
  }

  hear(replica: Named, exit: Exit): void {
    if (replica.service === this.flags.exitCodeFrom) this.#from ??= codeOf(exit)
    if (this.cause || !this.isAwaited(replica.service) || !this.#ends(exit)) return
    this.cause = { replica, exit }
    this.#abort.abort()
  }

  #ends(exit: Exit): boolean {
    const { abortOnContainerExit, abortOnContainerFailure, exitCodeFrom } = this.flags
    if (abortOnContainerFailure) return codeOf(exit) !== 0
    return abortOnContainerExit || exitCodeFrom !== undefined
  }
}

/** A container that was removed before anybody could look was killed. */
function codeOf({ code = 137 }: Exit): number {
  return code
}
