import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from 'node:http2'
import type { Duplex } from 'node:stream'
import { framed, GrpcError, unframed } from './grpc.ts'

export interface GrpcClient {
  /** Sends one message to a method and yields its answers. Throws a GrpcError if the method does. */
  call(path: string, request: Uint8Array, signal: AbortSignal): AsyncGenerator<Uint8Array>
  close(): void
}

/** A gRPC client over a connection that was upgraded to HTTP/2. */
export function grpcClient(connection: Duplex): GrpcClient {
  const session = connect('http://engine', { createConnection: () => connection })
  session.on('error', () => undefined)
  return {
    call: (path, request, signal) => callOver(session, path, request, signal),
    close: () => session.destroy(),
  }
}

async function* callOver(
  session: ClientHttp2Session,
  path: string,
  request: Uint8Array,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' }
  const stream = session.request(headers, { signal })
  const status = statusOf(stream)
  stream.end(framed(request))
  yield* unframed(stream)
  const { code, message } = await status
  if (code !== 0) throw new GrpcError(code, message)
}

const UNKNOWN = 2

/** The status comes in the trailers, or in the headers of an answer without messages. */
function statusOf(stream: ClientHttp2Stream): Promise<{ code: number; message: string }> {
  let status = { code: UNKNOWN, message: 'the builder disconnected' }
  const keep = ({ 'grpc-status': code, 'grpc-message': message = '' }: IncomingHttpHeaders) => {
    if (code !== undefined) status = { code: Number(code), message: decodeURIComponent(String(message)) }
  }
  stream.on('response', keep).on('trailers', keep)
  stream.on('error', () => undefined)
  return new Promise((resolve) => stream.on('close', () => resolve(status)))
}
