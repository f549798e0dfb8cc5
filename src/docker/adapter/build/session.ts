import { randomUUID } from 'node:crypto'
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2'
import type { Duplex } from 'node:stream'
import type { Credentials, Keyring } from '../../auth.ts'
import { aborting, type Link } from '../link.ts'
import { readFields, text, writeStrings } from './protobuf.ts'

export interface Session {
  id: string
  close(): void
}

type Answer = (request: Uint8Array) => Promise<Uint8Array>

/**
 * A build's session: a connection on which the builder asks us (POST /session, upgraded to HTTP/2, gRPC inside). It asks whether we
 * still live, and who the user is to a registry that a base image comes from.
 */
export async function openSession(link: Link, keyring: Keyring, signal: AbortSignal): Promise<Session> {
  const id = randomUUID()
  const connection = await link.call(dialSession(link, id, signal), signal)
  const server = serve({
    '/grpc.health.v1.Health/Check': async () => SERVING,
    '/moby.filesync.v1.Auth/Credentials': async (request) => {
      const host = text(readFields(request), 1)
      return credentialsAnswer(await keyring.credentialsFor(host === HUB ? 'docker.io' : host))
    },
  })
  connection.on('error', () => undefined)
  server.emit('connection', connection)
  return {
    id,
    close() {
      connection.destroy()
      server.close()
    },
  }
}

/** How the builder calls Docker Hub. */
const HUB = 'registry-1.docker.io'

/** HealthCheckResponse { status: SERVING } */
const SERVING = Uint8Array.of(0x08, 0x01)

function dialSession(link: Link, id: string, signal: AbortSignal): Promise<Duplex> {
  const options = {
    path: '/session',
    method: 'POST',
    hijack: true,
    headers: {
      Upgrade: 'h2c',
      'X-Docker-Expose-Session-Uuid': id,
      'X-Docker-Expose-Session-Name': 'flotilla',
      'X-Docker-Expose-Session-Grpc-Method': METHODS,
    },
    statusCodes: { 200: true },
    ...aborting(signal),
  }
  return new Promise((resolve, reject) => {
    link.docker.modem.dial(options, (error, socket) => (error ? reject(error) : resolve(socket as Duplex)))
  })
}

const METHODS = ['/moby.filesync.v1.Auth/Credentials', '/grpc.health.v1.Health/Check']

/** CredentialsResponse { Username, Secret }; a token has no user's name. */
function credentialsAnswer(known: Credentials | undefined): Uint8Array {
  return writeStrings({ 1: known?.username ?? '', 2: known?.identitytoken ?? known?.password ?? '' })
}

/** A gRPC server of unary calls, by path: one length-prefixed message in, one out, the status in the trailers. */
function serve(methods: Record<string, Answer>): Http2Server {
  const server = createServer()
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined)
    const answer = methods[headers[':path'] ?? '']
    if (answer) respond(stream, answer)
    else
      stream.respond(
        { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': UNIMPLEMENTED },
        { endStream: true },
      )
  })
  server.on('sessionError', () => undefined)
  return server
}

const OK = '0'
const UNKNOWN = '2'
const UNIMPLEMENTED = '12'
const PREFIX = 5

async function respond(stream: ServerHttp2Stream, answer: Answer): Promise<void> {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
  let status = OK
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': status }))
  try {
    const chunks: Uint8Array[] = []
    for await (const chunk of stream) chunks.push(chunk)
    const message = await answer(Buffer.concat(chunks).subarray(PREFIX))
    const prefix = Buffer.alloc(PREFIX)
    prefix.writeUInt32BE(message.length, 1)
    stream.end(Buffer.concat([prefix, message]))
  } catch {
    status = UNKNOWN
    stream.end()
  }
}
