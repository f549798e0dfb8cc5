import {
  createServer,
  type Http2Server,
  type Http2Stream,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2'

/** One request, one response. */
export type Unary = (request: Uint8Array) => Promise<Uint8Array>
/** Messages in both directions until the method returns. */
export type Streaming = (call: Call) => Promise<void>

export interface Call {
  /** Header values by name, in the order in which they came. */
  metadata(name: string): string[]
  /** The peer's messages, until it sends no more. */
  messages(): AsyncGenerator<Uint8Array>
  /** Resolves when more may be sent. */
  send(message: Uint8Array): Promise<void>
}

/** An error to return to the peer, with its code (https://grpc.io/docs/guides/status-codes/). */
export class GrpcError extends Error {
  override readonly name = 'GrpcError'
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message)
  }
}

export const NOT_FOUND = 5
const OK = 0
const UNKNOWN = 2
const UNIMPLEMENTED = 12
const PREFIX = 5

/** A gRPC server over HTTP/2; methods are keyed by path. */
export function grpcServer(unary: Record<string, Unary>, streaming: Record<string, Streaming>): Http2Server {
  const server = createServer()
  server.on(
    'stream',
    (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, rawHeaders: string[]) => {
      stream.on('error', () => undefined)
      const path = headers[':path'] ?? ''
      const method = streaming[path] ?? (unary[path] && once(unary[path]))
      const call = callOn(stream, rawHeaders)
      respond(stream, () => (method ? method(call) : Promise.reject(new GrpcError(UNIMPLEMENTED, `no method ${path}`))))
    },
  )
  server.on('sessionError', () => undefined)
  return server
}

function once(method: Unary): Streaming {
  return async (call) => {
    for await (const request of call.messages()) {
      await call.send(await method(request))
      return
    }
  }
}

/** The status comes in the trailers. */
async function respond(stream: ServerHttp2Stream, run: () => Promise<void>): Promise<void> {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
  let status: Record<string, string> = { 'grpc-status': String(OK) }
  stream.on('wantTrailers', () => stream.sendTrailers(status))
  try {
    await run()
  } catch (thrown) {
    const code = thrown instanceof GrpcError ? thrown.code : UNKNOWN
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    status = { 'grpc-status': String(code), 'grpc-message': encodeURIComponent(message) }
  }
  if (!stream.destroyed) stream.end()
}

function callOn(stream: ServerHttp2Stream, rawHeaders: string[]): Call {
  return {
    metadata: (name) => rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name),
    messages: () => unframed(stream),
    async send(message) {
      stream.write(prefixOf(message))
      if (!stream.write(message)) await drained(stream)
    },
  }
}

export function framed(message: Uint8Array): Uint8Array {
  return Buffer.concat([prefixOf(message), message])
}

function prefixOf(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(PREFIX)
  prefix.writeUInt32BE(message.length, 1)
  return prefix
}

function drained(stream: ServerHttp2Stream): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (done: () => void) => () => {
      stream.off('drain', onDrain).off('close', onClose)
      done()
    }
    const onDrain = settle(resolve)
    const onClose = settle(() => reject(new Error('the builder disconnected')))
    stream.on('drain', onDrain).on('close', onClose)
  })
}

/** Each message has a prefix: one byte that says it is not compressed, then its length. */
export async function* unframed(stream: Http2Stream): AsyncGenerator<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0)
  // A handler that has read enough must still respond: the stream has to outlive the loop.
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    for (;;) {
      const length = rest.length >= PREFIX ? rest.readUInt32BE(1) : Number.POSITIVE_INFINITY
      if (rest.length < PREFIX + length) break
      yield rest.subarray(PREFIX, PREFIX + length)
      rest = rest.subarray(PREFIX + length)
    }
  }
}
