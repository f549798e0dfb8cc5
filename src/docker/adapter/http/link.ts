import type Dockerode from 'dockerode'
import { StackError } from '../../../diagnostics/checked.ts'
import { EngineError } from '../../port.ts'
import { CutError, StrangeError, TooLargeError } from './body.ts'
import { NO_ENGINE } from './refusal.ts'
import type { Patience } from './silence.ts'
import { sendingItself } from './wire.ts'

/** The base of every group of calls: the client, and the conversion of its failures to our errors. */
export interface Link {
  docker: Dockerode
  patience: Patience
  /** Describes a call, e.g. `GET /version at unix:///var/run/docker.sock`. */
  asked(request: Asked): string
  /** Resolves with the answer or rejects with an EngineError; after an abort, rejects with the signal's reason. */
  call<T>(answer: Promise<T>, signal?: AbortSignal, request?: Asked): Promise<T>
  /** The error to throw when reading a response's body fails. */
  failure(error: unknown, signal?: AbortSignal, request?: Asked): unknown
}

export interface Asked {
  method: string
  path: string
}

export interface LinkOptions {
  /** Where the engine listens, for messages. */
  host?: string
  patience?: Patience
}

/** Creates a link. `explain` turns a connection error into a message for the user. */
export function linkTo(
  docker: Dockerode,
  explain: (error: Error) => StackError | undefined,
  { host, patience = { strict: false } }: LinkOptions = {},
): Link {
  const asked = ({ method, path }: Asked) => `${method} ${path}${host === undefined ? '' : ` at ${host}`}`
  const failure = (error: unknown, signal?: AbortSignal, request?: Asked) => {
    if (signal?.aborted) return signal.reason
    if (error instanceof StackError) return error
    const failed = error instanceof Error ? error : new Error(String(error))
    const about = request ? asked(request) : 'the engine'
    return explain(failed) ?? broken(failed, about, request?.method === 'GET')
  }
  const call = async <T>(answer: Promise<T>, signal?: AbortSignal, request?: Asked) => {
    try {
      return await answer
    } catch (error) {
      throw failure(error, signal, request)
    }
  }
  return { docker: sendingItself(docker), patience, asked, call, failure }
}

/** Resolves with the answer, or with `undefined` for one of these statuses. */
export async function ignoring<T>(statuses: number[], answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof EngineError && error.status !== undefined && statuses.includes(error.status)) return undefined
    throw error
  }
}

/** Whether an established connection was lost: the engine may have carried out the request. */
export function isLost(error: unknown): boolean {
  return error instanceof CutError || LOST.has(codeOf(error))
}

const LOST = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'ETIMEDOUT',
  'ERR_STREAM_PREMATURE_CLOSE',
  'HPE_INVALID_EOF_STATE',
])

/** Describes a connection error; returns other errors unchanged. */
function broken(cause: Error, asked: string, isRead: boolean): EngineError {
  const code = codeOf(cause)
  if (cause instanceof StrangeError)
    return new EngineError(`${asked}: ${cause.message}`, OK, { cause, hint: NO_ENGINE })
  // After a failed write, its effect is unknown.
  if (cause instanceof TooLargeError)
    return new EngineError(`${asked}: ${cause.message}`, isRead ? OK : undefined, { cause, hint: NO_ENGINE })
  if (isLost(cause)) return new EngineError(`${asked}: the connection was lost${whyLost(cause)}`, undefined, { cause })
  if (code.startsWith('HPE_'))
    return new EngineError(`${asked}: ${notHttp(code)}`, undefined, { cause, hint: NO_ENGINE })
  return new EngineError(cause.message, undefined, { cause, ...(isOfFile(cause) && { kind: 'failed' }) })
}

/** Whether the error is about a file on this machine, e.g. one being sent. Errors about an engine's socket have a path too. */
function isOfFile(cause: Error): boolean {
  return 'path' in cause && 'syscall' in cause && cause.syscall !== 'connect'
}

const OK = 200

function whyLost(cause: Error): string {
  return cause instanceof CutError ? `; ${cause.message}` : ' before the answer arrived'
}

function notHttp(code: string): string {
  return code === 'HPE_HEADER_OVERFLOW' ? 'the head of the answer is too large' : 'the answer is not HTTP'
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
