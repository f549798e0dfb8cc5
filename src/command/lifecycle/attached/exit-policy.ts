import type { Exit, ReplicaRef } from '../../../logs/follow-options.ts'
import type { AttachFlags } from './attach-flags.ts'

export interface Cause {
  replica: ReplicaRef
  exit: Exit
}

export interface AwaitedServices {
  /** Whether the end of the service's containers counts. */
  isAwaited(service: string): boolean
  /** Whether other services start once it has completed. */
  isJob(service: string): boolean
}

/**
 * Decides which container's end terminates an attached `up`, and with what exit code: that of the first such container, or of the
 * service that --exit-code-from names. A completed job that others wait for does not count, unless --exit-code-from names it.
 */
export class ExitPolicy {
  /** Aborts when everything should stop. */
  readonly signal: AbortSignal
  /** The container whose end terminated the `up`. */
  cause: Cause | undefined
  readonly #abort = new AbortController()
  #from: number | undefined

  constructor(
    private readonly flags: Pick<AttachFlags, 'abortOnContainerExit' | 'abortOnContainerFailure' | 'exitCodeFrom'>,
    private readonly services: AwaitedServices,
  ) {
    this.signal = this.#abort.signal
  }

  /** Whether a container's end can terminate the `up` or set its exit code. */
  get canEnd(): boolean {
    const { abortOnContainerExit, abortOnContainerFailure, exitCodeFrom } = this.flags
    return abortOnContainerExit || abortOnContainerFailure || exitCodeFrom !== undefined
  }

  /** The exit code of an uninterrupted `up`. */
  get code(): number {
    return this.#from ?? (this.cause ? codeOf(this.cause.exit) : 0)
  }

  hear(replica: ReplicaRef, exit: Exit): void {
    const { service } = replica
    if (service === this.flags.exitCodeFrom) this.#from ??= codeOf(exit)
    if (!this.services.isAwaited(service) || !this.#ends(exit)) return
    const isDone = codeOf(exit) === 0 && this.services.isJob(service) && service !== this.flags.exitCodeFrom
    if (isDone) return
    this.cause ??= { replica, exit }
    this.#abort.abort()
  }

  #ends(exit: Exit): boolean {
    const { abortOnContainerExit, abortOnContainerFailure, exitCodeFrom } = this.flags
    if (abortOnContainerFailure) return codeOf(exit) !== 0
    return abortOnContainerExit || exitCodeFrom !== undefined
  }
}

/** A container that was removed before anyone could inspect it counts as killed. */
function codeOf({ code = 137 }: Exit): number {
  return code
}
