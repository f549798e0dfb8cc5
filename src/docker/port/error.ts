import { BackendError, type BackendErrorKind, type BackendErrorOptions } from '../../diagnostics/backend-error.ts'

export interface EngineErrorOptions extends BackendErrorOptions {
  /** By default it follows from the status and the message. */
  kind?: BackendErrorKind
}

/** A failed call. `status` is HTTP's; undefined where the engine did not answer, or failed in the middle of its answer. */
export class EngineError extends BackendError {
  override readonly name = 'EngineError'
  constructor(
    message: string,
    readonly status?: number,
    { kind, ...options }: EngineErrorOptions = {},
  ) {
    const text = shortened(message.trim() || unsaid(options.cause, status))
    super(kind ?? kindOf(text, status), text, options)
  }
}

/** A failure that is reported within an answer, or around the call: it has no status. */
export function failedInside(message: string): EngineError {
  return new EngineError(message, undefined, { kind: 'failed' })
}

/** dockerd's answers with status 500 or 503 while it shuts down, and while it has lost containerd. */
const SHUTTING_DOWN = /daemon is shutting down|transport is closing|client connection is closing|containerd\.sock/

function kindOf(message: string, status: number | undefined): BackendErrorKind {
  if (status === undefined || (status >= 500 && SHUTTING_DOWN.test(message))) return 'unreachable'
  if (status >= 500) return 'failed'
  if (status === 404) return 'gone'
  if (status === 409) return 'conflict'
  return status >= 400 ? 'refused' : 'invalid'
}

/** Replaces an empty message. Attempts at several addresses fail with one error each, and without a message for all. */
function unsaid(cause: unknown, status: number | undefined): string {
  const errors: unknown[] = cause instanceof AggregateError ? cause.errors : [cause]
  const said = errors.flatMap((each) => (each instanceof Error && each.message !== '' ? each.message : []))
  if (said.length > 0) return [...new Set(said)].join('; ')
  return `the engine gave no reason${status === undefined ? '' : ` (status ${status})`}; see the engine's log`
}

const LONGEST_MESSAGE = 2000

function shortened(message: string): string {
  return message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}… (cut)` : message
}
