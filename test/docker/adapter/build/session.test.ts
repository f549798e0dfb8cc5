import { createServer } from 'node:http'
import { type ClientHttp2Session, connect } from 'node:http2'
import Dockerode from 'dockerode'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readFields, text, writeFields } from '../../../../src/docker/adapter/build/protobuf.ts'
import { openSession } from '../../../../src/docker/adapter/build/session.ts'
import { linkTo } from '../../../../src/docker/adapter/link.ts'
import type { Keyring } from '../../../../src/docker/auth.ts'

const PREFIX = 5
const keyring: Keyring = {
  credentialsFor: async (registry) =>
    registry === 'docker.io' ? { username: 'me', password: 'pw', serveraddress: registry } : undefined,
  all: async () => ({}),
}

/** The builder's side: takes the upgrade to HTTP/2 and calls. Resolves with what was answered. */
async function asBuilder<T>(body: (builder: ClientHttp2Session) => Promise<T>): Promise<T> {
  const server = createServer()
  const upgraded = new Promise<ClientHttp2Session>((resolve) =>
    server.on('upgrade', (request, socket) => {
      assert.is(request.url, '/session')
      assert.ok(request.headers['x-docker-expose-session-uuid'])
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n')
      resolve(connect('http://builder', { createConnection: () => socket }))
    }),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const link = linkTo(new Dockerode({ protocol: 'http', host: '127.0.0.1', port }), () => undefined)
  const session = await openSession(link, keyring, new AbortController().signal)
  const builder = await upgraded
  try {
    return await body(builder)
  } finally {
    builder.close()
    session.close()
    server.close()
  }
}

function call(
  builder: ClientHttp2Session,
  path: string,
  message: Uint8Array,
): Promise<{ status: unknown; answer: Buffer }> {
  return new Promise((resolve, reject) => {
    const stream = builder.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    })
    const prefix = Buffer.alloc(PREFIX)
    prefix.writeUInt32BE(message.length, 1)
    const chunks: Buffer[] = []
    let status: unknown
    stream.on('response', (headers) => {
      status = headers['grpc-status']
    })
    stream.on('trailers', (headers) => {
      status = headers['grpc-status']
    })
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => resolve({ status, answer: Buffer.concat(chunks).subarray(PREFIX) }))
    stream.on('error', reject)
    stream.end(Buffer.concat([prefix, message]))
  })
}

test('the builder learns who the user is, host by host, and that we live', async () => {
  await asBuilder(async (builder) => {
    const hub = await call(builder, '/moby.filesync.v1.Auth/Credentials', writeFields({ 1: 'registry-1.docker.io' }))
    assert.is(hub.status, '0')
    assert.is(text(readFields(hub.answer), 1), 'me')
    assert.is(text(readFields(hub.answer), 2), 'pw')
    const other = await call(builder, '/moby.filesync.v1.Auth/Credentials', writeFields({ 1: 'x.example' }))
    assert.is(other.status, '0')
    assert.is(other.answer.length, 0)
    const health = await call(builder, '/grpc.health.v1.Health/Check', new Uint8Array())
    assert.equal([...health.answer], [8, 1])
  })
})

test('what we do not offer is answered as such', async () => {
  await asBuilder(async (builder) => {
    assert.is((await call(builder, '/moby.filesync.v1.Auth/FetchToken', new Uint8Array())).status, '12')
  })
})

test.run()
