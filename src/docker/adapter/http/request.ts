import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Shape } from '../../../util/shape.ts'
import { jsonAnswer, plainAnswer, strange } from './answer.ts'
import { wholeBody } from './body.ts'
import { type Request, send, silenceTimerFor, tooLong } from './exchange.ts'
import { isLost, type Link } from './link.ts'
import { refusal } from './refusal.ts'
import type { SilenceTimer } from './silence.ts'
import type { Reply } from './wire.ts'

/** Larger than a list of ten thousand containers. */
const LARGEST_ANSWER = 64 * 1024 * 1024
const LARGEST_DONE = 1024 * 1024
/** Limits an answer that trickles in, as a multiple of the silence limit. */
const DROPS = 10

/** Resolves with the parsed answer, after checking its shape. */
export async function requestJson<T>(link: Link, request: Request, shape: Shape): Promise<T> {
  const once = async () => jsonAnswer(link, request, await bodyOf(link, request, LARGEST_ANSWER), shape) as T
  return link.call(repeated(request, once), request.signal, request)
}

/** Sends a write whose answer only confirms success. */
export async function requestDone(link: Link, request: Request): Promise<void> {
  plainAnswer(link, request, await link.call(bodyOf(link, request, LARGEST_DONE), request.signal, request))
}

/** Resolves once the response's headers are there. */
export function requestStream(link: Link, request: Request): Promise<IncomingMessage> {
  return link.call(
    repeated(request, () => succeeded(link, request)),
    request.signal,
    request,
  )
}

/** A POST whose connection becomes a stream both ways (Docker Engine API, ContainerAttach, "Hijacking"). */
export async function requestUpgrade(link: Link, request: Request): Promise<Duplex> {
  const reply = await link.call(send(link, request, true), request.signal, request)
  if (!isResponse(reply)) return reply
  if (!isSuccess(reply)) throw await refusal(link.asked(request), reply)
  reply.destroy()
  throw strange(link, request, 'the engine did not hand the connection over')
}

/**
 * Yields the messages that `read` parses from a body's chunks. Silence, measured by the request's pace, lasts until a message is
 * complete: partial data does not count. Engines may send white space to keep a connection alive, so a slow call may wait as long as
 * the engine answers a ping.
 */
export async function* attended<T>(
  link: Link,
  request: Request,
  response: IncomingMessage,
  read: (chunks: AsyncIterable<Buffer>) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const { pace = 'part' } = request
  const giveUp = (silence: Error) => void response.destroy(silence)
  const enough = pace === 'part' ? afterDrops(link, request, giveUp) : undefined
  const silence = silenceOf(() => silenceTimerFor(link, request, pace, giveUp))
  try {
    for await (const message of read(silence.before(response))) {
      silence.end()
      yield message
    }
  } finally {
    silence.end()
    clearTimeout(enough)
    response.destroy()
  }
}

/** Starts measuring when a chunk is awaited. One listener per message would take longer than reading the message. */
function silenceOf(begin: () => SilenceTimer) {
  let timer: SilenceTimer | undefined
  return {
    async *before(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      const chunks = body[Symbol.asyncIterator]()
      for (;;) {
        timer ??= begin()
        const { done, value } = await chunks.next()
        if (done) return
        yield value
      }
    },
    end() {
      timer?.stop()
      timer = undefined
    },
  }
}

/** Retries a read once if its connection is lost. */
async function repeated<T>({ method, signal }: Request, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (method !== 'GET' || signal?.aborted || !isLost(error)) throw error
    return ask()
  }
}

async function bodyOf(link: Link, request: Request, limit: number): Promise<Buffer> {
  const response = await succeeded(link, request)
  let silence: Error | undefined
  const giveUp = (error: Error) => {
    silence = error
    response.destroy()
  }
  const timer = silenceTimerFor(link, request, 'part', giveUp)
  const enough = afterDrops(link, request, giveUp)
  try {
    return await wholeBody(response, limit, timer)
  } catch (error) {
    throw silence ?? error
  } finally {
    timer.stop()
    clearTimeout(enough)
  }
}

function afterDrops(link: Link, request: Request, giveUp: (error: Error) => void): NodeJS.Timeout | undefined {
  const { limit } = link.patience
  const slow = () => giveUp(tooLong(link, request, 'the answer arrives too slowly'))
  return limit === undefined ? undefined : setTimeout(slow, limit * DROPS).unref()
}

async function succeeded(link: Link, request: Request): Promise<IncomingMessage> {
  const reply = (await send(link, request)) as IncomingMessage
  if (isSuccess(reply)) return reply
  throw await refusal(link.asked(request), reply)
}

function isSuccess({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300
}

function isResponse(reply: Reply): reply is IncomingMessage {
  return 'statusCode' in reply
}
