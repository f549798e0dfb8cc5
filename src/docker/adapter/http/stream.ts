import type { Duplex } from 'node:stream'
import type { EngineStream, OutputChunk } from '../../port.ts'
import { multiplexed, raw } from '../frames.ts'
import type { Request } from './exchange.ts'
import type { Link } from './link.ts'
import { requestUpgrade } from './request.ts'

export interface StreamRequest {
  path: string
  query?: Record<string, string | boolean>
  body?: object
  /** Whether the response is unframed terminal output. */
  tty: boolean
}

/** A POST whose connection becomes a stream both ways (Docker Engine API, ContainerAttach, "Hijacking"). */
export async function openStream(link: Link, request: StreamRequest, signal: AbortSignal): Promise<EngineStream> {
  signal.throwIfAborted()
  const socket = await requestUpgrade(link, upgrade(request, signal))
  let closed = false
  const close = () => {
    closed = true
    signal.removeEventListener('abort', close)
    socket.destroy()
  }
  signal.addEventListener('abort', close)
  const failure = (error: unknown) => link.failure(error, signal, { method: 'POST', path: request.path })
  return {
    output: outputOf(socket, request.tty, failure, () => closed && !signal.aborted),
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => (error ? reject(failure(error)) : resolve()))
      }),
    end: () => void socket.end(),
    close,
  }
}

function upgrade({ path, query = {}, body }: StreamRequest, signal: AbortSignal): Request {
  // An empty body: a chunk of the request's body would reach the program as input.
  return { method: 'POST', path, query, ...(body ? { body } : { file: Buffer.alloc(0) }), signal }
}

/** Ends without an error if this side closed the connection. */
async function* outputOf(
  socket: Duplex,
  tty: boolean,
  failure: (error: unknown) => unknown,
  isClosed: () => boolean,
): AsyncGenerator<OutputChunk> {
  try {
    yield* tty ? raw(socket) : multiplexed(socket)
  } catch (error) {
    if (!isClosed()) throw failure(error)
  } finally {
    socket.destroy()
  }
}
