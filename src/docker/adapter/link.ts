import { setMaxListeners } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type Dockerode from 'dockerode'
import { StackError } from '../../diagnostics/checked.ts'
import { EngineError } from '../port.ts'

/** What every group of calls is built on: the client, and one way to turn its failures into ours. */
export interface Link {
  docker: Dockerode
  /** The answer, or an EngineError; once the signal has aborted, its reason. */
  call<T>(answer: Promise<T>, signal?: AbortSignal): Promise<T>
  /** What to throw for an error met while a response's body is read. */
  failure(error: unknown, signal?: AbortSignal): unknown
}

/** `explain` turns an error of the connection itself into what the user needs to hear. */
export function linkTo(docker: Dockerode, explain: (error: Error) => StackError | undefined): Link {
  const failure = (error: unknown, signal?: AbortSignal) => {
    if (signal?.aborted) return signal.reason
    if (error instanceof EngineError || error instanceof StackError) return error
    const failed = error instanceof Error ? error : new Error(String(error))
    return (isAnswer(failed) ? undefined : explain(failed)) ?? engineError(failed)
  }
  const call = async <T>(answer: Promise<T>, signal?: AbortSignal) => {
    try {
      return await answer
    } catch (error) {
      throw failure(error, signal)
    }
  }
  return { docker, call, failure }
}

/**
 * The client deletes keys from the options that it is given: they must be fresh for every call. Any number of calls may share a signal,
 * which Node would take for a leak.
 */
export function aborting(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  if (!signal) return {}
  setMaxListeners(0, signal)
  return { abortSignal: signal }
}

/** The answer, or `undefined` for one of these statuses. */
export async function ignoring<T>(statuses: number[], answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof EngineError && error.status !== undefined && statuses.includes(error.status)) return undefined
    throw error
  }
}

export interface Request {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  query?: Record<string, string | number | boolean | string[] | undefined>
  body?: unknown
  /** Sent as it is, as a tar archive. */
  file?: NodeJS.ReadableStream
  registryconfig?: Record<string, unknown>
  signal?: AbortSignal | undefined
}

/** A call that the client has no method for, or none that tells all. Resolves with the parsed answer. */
export function requestJson(link: Link, request: Request): Promise<unknown> {
  return link.call(dial(link, request, false), request.signal)
}

/** Resolves once the response's headers are there. */
export function requestStream(link: Link, request: Request): Promise<IncomingMessage> {
  return link.call(dial(link, request, true) as Promise<IncomingMessage>, request.signal)
}

function dial(link: Link, request: Request, isStream: boolean): Promise<unknown> {
  const query = Object.fromEntries(Object.entries(request.query ?? {}).filter(([, value]) => value !== undefined))
  return new Promise((resolve, reject) => {
    const options = {
      path: `${request.path}?`,
      method: request.method,
      options: { _query: query, _body: request.body ?? {} },
      isStream,
      statusCodes: { 200: true, 201: true, 204: true },
      ...(request.file ? { file: request.file } : {}),
      ...(request.registryconfig ? { registryconfig: request.registryconfig } : {}),
      ...aborting(request.signal),
    }
    link.docker.modem.dial(options, (error: unknown, answer: unknown) => (error ? reject(error) : resolve(answer)))
  })
}

interface Refusal {
  statusCode?: unknown
  json?: unknown
}

function isAnswer(error: Error): error is Error & Refusal {
  return typeof (error as Refusal).statusCode === 'number'
}

function engineError(error: Error): EngineError {
  const status = isAnswer(error) ? (error.statusCode as number) : undefined
  return new EngineError(messageOf(error), status, { cause: error })
}

/** The engine's own sentence; the client wraps it, and for streams that is all there is. */
function messageOf(error: Error & Refusal): string {
  const json = error.json
  if (json && typeof json === 'object' && 'message' in json && typeof json.message === 'string') return json.message
  return error.message.replace(/^\(HTTP code \d+\) .*? - /s, '').trim()
}
