import { StackError } from './checked.ts'
import { error } from './diagnostic.ts'
import { foreign } from './foreign.ts'

/**
 * - `unreachable`: no answer, or an answer that the backend is shutting down. It may have carried out the request, and may come back.
 * - `gone`: the named thing does not exist.
 * - `conflict`: the named thing already exists, or its state does not allow the request.
 * - `refused`: the request is not acceptable.
 * - `failed`: the backend tried, and failed.
 * - `invalid`: an answer that cannot come from a backend of this kind.
 */
export type BackendErrorKind = 'unreachable' | 'gone' | 'conflict' | 'refused' | 'failed' | 'invalid'

export interface BackendErrorOptions extends ErrorOptions {
  /** A remedy, if known. */
  hint?: string | undefined
}

/** A failed call to a backend. Defined below the backends, so that the clients of their APIs can throw it too. */
export class BackendError extends StackError {
  override readonly name: string = 'BackendError'

  /** `sentence` marks its foreign parts and is shown to users in place of the message. */
  constructor(
    readonly kind: BackendErrorKind,
    message: string,
    { hint, ...options }: BackendErrorOptions = {},
    sentence = foreign(message),
  ) {
    super([error(kind === 'unreachable' ? 'engine-unreachable' : 'engine-error', sentence, { hint })], options)
  }

  get hint(): string | undefined {
    return this.diagnostics[0]?.hint
  }

  /** Whether the backend received the request and refused it. */
  get isRefusal(): boolean {
    return this.kind !== 'unreachable' && this.kind !== 'invalid'
  }
}

/** Whether an error means that no backend answers at present. The only test that decides whether to wait for its return. */
export function isAway(thrown: unknown): boolean {
  return thrown instanceof BackendError && thrown.kind === 'unreachable'
}
