import { setMaxListeners } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { EngineError } from '../../port.ts'
import { wholeBody } from './body.ts'
import type { Link } from './link.ts'
import { listenFor, type Pace, type SilenceTimer } from './silence.ts'
import type { Reply } from './wire.ts'

export interface Request {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'
  path: string
  query?: Record<string, string | number | boolean | string[] | object | undefined>
  body?: unknown
  /** A tar archive, sent unchanged. */
  file?: NodeJS.ReadableStream | Buffer
  headers?: Record<string, string | string[]>
  authconfig?: object
  registryconfig?: Record<string, unknown>
  signal?: AbortSignal | undefined
  /** `prompt` by default. */
  pace?: Pace
}

/** Resolves once the answer's head arrives, whatever its status. An abort of the signal closes the connection, even after that. */
export async function send(link: Link, request: Request, hijack = false): Promise<Reply> {
  const stop = new AbortController()
  const leave = follow(request.signal, stop)
  const timer = silenceTimerFor(link, request, request.pace ?? 'prompt', (silence) => stop.abort(silence))
  try {
    const reply = await dial(link, request, stop.signal, hijack)
    // Without this listener, a failure of a stream that nobody reads would be an uncaught error.
    reply.on('error', () => undefined).once('close', leave)
    return reply
  } catch (error) {
    leave()
    throw stop.signal.aborted ? stop.signal.reason : error
  } finally {
    timer.stop()
  }
}

/** Measures how long the engine has been silent about a call. */
export function silenceTimerFor(
  link: Link,
  request: Request,
  pace: Pace,
  giveUp: (silence: Error) => void,
): SilenceTimer {
  const isAlive = (signal: AbortSignal) => answersPing(link, signal)
  return listenFor(link.patience, pace, isAlive, (limit) =>
    giveUp(tooLong(link, request, `no answer for ${limit / 1000} s`)),
  )
}

export function tooLong(link: Link, request: Request, words: string): EngineError {
  const hint = 'FLOTILLA_ENGINE_TIMEOUT sets for how many seconds an engine may be silent'
  return new EngineError(`${link.asked(request)}: ${words}`, undefined, { hint })
}

/** Follows a signal with a single listener: Node would report many calls on one signal as a leak. */
function follow(signal: AbortSignal | undefined, stop: AbortController): () => void {
  if (!signal) return () => undefined
  setMaxListeners(0, signal)
  const abort = () => stop.abort(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  return () => signal.removeEventListener('abort', abort)
}

const MOST_OF_A_PING = 1024

async function answersPing(link: Link, signal: AbortSignal): Promise<boolean> {
  try {
    const reply = (await dial(link, { method: 'GET', path: '/_ping' }, signal, false)) as IncomingMessage
    await wholeBody(reply, MOST_OF_A_PING)
    return true
  } catch {
    return false
  }
}

function dial(link: Link, request: Request, signal: AbortSignal, hijack: boolean): Promise<Reply> {
  const { method, path, query, body, signal: _, pace: __, ...more } = request
  const asked = Object.entries(query ?? {}).filter(([, value]) => value !== undefined)
  // The client deletes keys from its options: every call needs a fresh object.
  const options = {
    ...more,
    path: asked.length > 0 ? `${path}?` : path,
    method,
    options: { _query: Object.fromEntries(asked), _body: body ?? {} },
    statusCodes: {},
    abortSignal: signal,
    ...(hijack && { hijack }),
  }
  return new Promise((resolve, reject) => {
    link.docker.modem.dial(options, (error: unknown, reply: unknown) =>
      error ? reject(error) : resolve(reply as Reply),
    )
  })
}
