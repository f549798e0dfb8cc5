import { createServer } from 'node:http'
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2'
import Dockerode from 'dockerode'
import { type Offers, openSession } from '../../../../src/docker/adapter/builder/session/session.ts'
import { linkTo } from '../../../../src/docker/adapter/http/link.ts'
import type { Keyring } from '../../../../src/docker/auth.ts'

const PREFIX = 5
const keyring: Keyring = {
  credentialsFor: async (registry) =>
    registry === 'docker.io' ? { username: 'me', password: 'pw', serveraddress: registry } : undefined,
  all: async () => ({}),
}

/** The builder's side of a session. */
export interface TestBuilder {
  /** One message there and one back. */
  call(path: string, message: Uint8Array): Promise<{ status: unknown; answer: Buffer }>
  /** A stream both ways. */
  open(path: string, metadata?: Record<string, string | string[]>): TestStream
  /** The methods that the session said it offers. */
  offered: string
}

export interface TestStream {
  send(message: Uint8Array): void
  /** The next message, or undefined at the end. */
  next(): Promise<Uint8Array | undefined>
  end(): void
}

/** Takes the upgrade to HTTP/2 and calls. */
export async function asBuilder<T>(offers: Offers, body: (builder: TestBuilder) => Promise<T>): Promise<T> {
  const server = createServer()
  let offered = ''
  const upgraded = new Promise<ClientHttp2Session>((resolve) =>
    server.on('upgrade', (request, socket) => {
      offered = String(request.headers['x-docker-expose-session-grpc-method'])
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n')
      resolve(connect('http://builder', { createConnection: () => socket }))
    }),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const link = linkTo(new Dockerode({ protocol: 'http', host: '127.0.0.1', port }), () => undefined)
  const session = await openSession(link, keyring, new AbortController().signal, offers)
  const client = await upgraded
  try {
    return await body({
      offered,
      call: (path, message) => callOnce(client, path, message),
      open: (path, metadata = {}) => openStream(request(client, path, metadata)),
    })
  } finally {
    client.close()
    session.close()
    server.close()
  }
}

function request(client: ClientHttp2Session, path: string, metadata: Record<string, string | string[]>) {
  return client.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...metadata,
  })
}

function framed(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(PREFIX)
  prefix.writeUInt32BE(message.length, 1)
  return Buffer.concat([prefix, message])
}

function callOnce(client: ClientHttp2Session, path: string, message: Uint8Array) {
  return new Promise<{ status: unknown; answer: Buffer }>((resolve, reject) => {
    const stream = request(client, path, {})
    const chunks: Buffer[] = []
    let status: unknown
    stream.on('trailers', (headers) => {
      status = headers['grpc-status']
    })
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => resolve({ status, answer: Buffer.concat(chunks).subarray(PREFIX) }))
    stream.on('error', reject)
    stream.end(framed(message))
  })
}

function openStream(stream: ClientHttp2Stream): TestStream {
  const messages = unframed(stream)
  return {
    send: (message) => void stream.write(framed(message)),
    next: async () => (await messages.next()).value ?? undefined,
    end: () => void stream.end(),
  }
}

async function* unframed(stream: ClientHttp2Stream): AsyncGenerator<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of stream) {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= PREFIX && rest.length >= PREFIX + rest.readUInt32BE(1)) {
      const end = PREFIX + rest.readUInt32BE(1)
      yield rest.subarray(PREFIX, end)
      rest = rest.subarray(end)
    }
  }
}
