import type { Duplex } from 'node:stream'
import type { EngineStream, OutputChunk } from '../port.ts'
import { multiplexed, raw } from './frames.ts'
import { aborting, type Link } from './link.ts'

export interface StreamRequest {
  path: string
  query?: Record<string, string | boolean>
  body?: object
  /** What comes back is the output of a terminal: no frames. */
  tty: boolean
}

/** A POST whose connection becomes a stream both ways (Docker Engine API, ContainerAttach, "Hijacking"). */
export async function openStream(link: Link, request: StreamRequest, signal: AbortSignal): Promise<EngineStream> {
  signal.throwIfAborted()
  const socket = await link.call(upgrade(link, request, signal), signal)
  let closed = false
  const close = () => {
    closed = true
    signal.removeEventListener('abort', close)
    socket.destroy()
  }
  signal.addEventListener('abort', close)
  // An end of the connection while nobody reads must not be an uncaught error.
  socket.on('error', () => undefined)
  const failure = (error: unknown) => link.failure(error, signal)
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

function upgrade(link: Link, { path, query = {}, body }: StreamRequest, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const options = {
      path: `${path}?`,
      method: 'POST',
      options: { _query: query, _body: body ?? {} },
      hijack: true,
      isStream: true,
      statusCodes: {},
      // No body at all: what stands in a chunk would reach the program.
      ...(body ? {} : { file: Buffer.alloc(0) }),
      ...aborting(signal),
    }
    link.docker.modem.dial(options, (error: unknown, socket: unknown) =>
      error ? reject(error) : resolve(socket as Duplex),
    )
  })
}

/** Ends quietly where it was closed on this side. */
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
