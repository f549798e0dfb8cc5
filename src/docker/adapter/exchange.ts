import { setMaxListeners } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { EngineError } from '../port.ts'
import type { Link } from './link.ts'
import { type Ear, listenFor, type Pace } from './silence.ts'

export interface Request {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  query?: Record<string, string | number | boolean | string[] | object | undefined>
  body?: unknown
  /** Sent as it is, as a tar archive. */
  file?: NodeJS.ReadableStream | Buffer
  headers?: Record<string, string | string[]>
  authconfig?: object
  registryconfig?: Record<string, unknown>
  signal?: AbortSignal | undefined
  /** By default `prompt`. */
  pace?: Pace
}

/** Resolves once the answer's head is there, whatever its status. Once the signal aborts, the connection is closed, then too. */
export async function send(link: Link, request: Request, hijack = false): Promise<IncomingMessage | Duplex> {
  const stop = new AbortController()
  const leave = follow(request.signal, stop)
  const ear = earFor(link, request, request.pace ?? 'prompt', (silence) => stop.abort(silence))
  try {
    const reply = await dial(link, request, stop.signal, hijack)
    // What ends while nobody reads must not be an uncaught error.
    reply.on('error', () => undefined).once('close', leave)
    return reply
  } catch (error) {
    leave()
    throw stop.signal.aborted ? stop.signal.reason : error
  } finally {
    ear.stop()
  }
}

/** Measures the silence of the engine about a call. */
export function earFor(link: Link, request: Request, pace: Pace, giveUp: (silence: Error) => void): Ear {
  const isAlive = (signal: AbortSignal) => answersPing(link, signal)
  return listenFor(link.patience, pace, isAlive, (limit) =>
    giveUp(tooLong(link, request, `no answer for ${limit / 1000} s`)),
  )
}

export function tooLong(link: Link, request: Request, words: string): EngineError {
  const hint = 'FLOTILLA_ENGINE_TIMEOUT sets for how many seconds an engine may be silent'
  return new EngineError(`${link.asked(request)}: ${words}`, undefined, { hint })
}

/** Any number of calls may share a signal, which Node would take for a leak. */
function follow(signal: AbortSignal | undefined, stop: AbortController): () => void {
  if (!signal) return () => undefined
  setMaxListeners(0, signal)
  const abort = () => stop.abort(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  return () => signal.removeEventListener('abort', abort)
}

async function answersPing(link: Link, signal: AbortSignal): Promise<boolean> {
  try {
    const reply = await dial(link, { method: 'GET', path: '/_ping' }, signal, false)
    reply.on('error', () => undefined).destroy()
    return true
  } catch {
    return false
  }
}

/** The client takes every status for a success: for a failure it would read a body of any length. */
const EVERY_STATUS = new Proxy<Record<number, boolean>>({}, { get: () => true })

function dial(link: Link, request: Request, signal: AbortSignal, hijack: boolean): Promise<IncomingMessage | Duplex> {
  const { method, path, query, body, signal: _, pace: __, ...more } = request
  const asked = Object.entries(query ?? {}).filter(([, value]) => value !== undefined)
  // The client deletes keys from the options that it is given: they must be fresh for every call.
  const options = {
    ...more,
    path: asked.length > 0 ? `${path}?` : path,
    method,
    options: { _query: Object.fromEntries(asked), _body: body ?? {} },
    isStream: true,
    statusCodes: EVERY_STATUS,
    abortSignal: signal,
    ...(hijack && { hijack }),
  }
  return new Promise((resolve, reject) => {
    link.docker.modem.dial(options, (error: unknown, reply: unknown) =>
      error ? reject(error) : resolve(reply as IncomingMessage | Duplex),
    )
  })
}
