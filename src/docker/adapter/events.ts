import { on } from 'node:events'
import { each, fields, number, record, text } from '../../util/shape.ts'
import { type Engine, EngineError, type EngineEvent } from '../port.ts'
import { jsonLine, textLines } from './http/json-lines.ts'
import type { Link } from './http/link.ts'
import { requestStream } from './http/request.ts'

export function eventCalls(link: Link): Pick<Engine, 'events'> {
  return {
    async events(filter, signal) {
      const filters = JSON.stringify({ type: filter.types, ...(filter.labels ? { label: filter.labels } : {}) })
      const past = filter.past && { since: filter.past.since.toFixed(9), until: filter.past.until.toFixed(9) }
      const { since, until } = filter
      const response = await requestStream(link, {
        method: 'GET',
        path: '/events',
        query: { filters, ...past, ...(since !== undefined && { since }), ...(until !== undefined && { until }) },
        signal,
      })
      // Data is read from the connection at once, even if nobody consumes it: the engine drops events of slow listeners.
      const received = on(response, 'data', { close: ['end', 'close'] })
      return closing(eventsOf(received, link, signal), () => response.destroy())
    },
  }
}

/** A generator that is closed before its first step does not run its `finally`. */
function closing<T>(events: AsyncGenerator<T>, close: () => void): AsyncIterable<T> {
  const iterator: AsyncIterator<T> = {
    async next() {
      const result = await events.next().catch((error) => {
        close()
        throw error
      })
      if (result.done) close()
      return result
    },
    async return() {
      close()
      return events.return(undefined)
    },
  }
  return { [Symbol.asyncIterator]: () => iterator }
}

async function* eventsOf(
  received: AsyncIterable<Uint8Array[]>,
  link: Link,
  signal: AbortSignal,
): AsyncGenerator<EngineEvent> {
  try {
    for await (const line of textLines(chunksOf(received))) yield parseEvent(line)
    signal.throwIfAborted()
  } catch (error) {
    throw lost(link.failure(error, signal, EVENTS))
  }
}

/** A malformed event counts as a lost connection: the caller then observes what happened. */
function lost(failure: unknown): unknown {
  if (!(failure instanceof EngineError) || failure.isRefusal) return failure
  const { message, hint = '' } = failure
  return new EngineError(message, undefined, { cause: failure, ...(hint && { hint }) })
}

async function* chunksOf(emitted: AsyncIterable<Uint8Array[]>): AsyncGenerator<Uint8Array> {
  for await (const chunks of emitted) yield* chunks
}

const EVENTS = { method: 'GET', path: '/events' }

const MESSAGE = fields({
  Type: text,
  Action: text,
  Actor: fields({ ID: text, ...each('Attributes', record(text)) }),
  ...each('timeNano', number),
})

interface Message {
  Type: string
  Action: string
  Actor: { ID: string; Attributes: Record<string, string> | null }
  timeNano?: number | null
}

export function parseEvent(line: string): EngineEvent {
  const message = jsonLine<Message>(line, MESSAGE)
  // Nanoseconds since 1970 exceed a number's precision, so they are read from the text, where they are the last field.
  const exact = line.match(/"timeNano":(\d+)\}$/)?.[1]
  return {
    type: message.Type,
    action: message.Action,
    id: message.Actor.ID,
    attributes: message.Actor.Attributes ?? {},
    timeNano: BigInt(exact ?? Math.trunc(message.timeNano ?? 0)),
  }
}
