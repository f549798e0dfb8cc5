import { rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { grpcServer } from '../../../src/docker/adapter/builder/grpc/grpc.ts'
import type { Way } from './ways.ts'
import { type Answer, routeOf } from './world.ts'

export interface HostileEngine {
  /** For DOCKER_HOST. */
  host: string
  /** The routes that were called, each once, in order. */
  called: Set<string>
  /** From now on; undefined: it behaves. */
  misbehave(wayOf: (route: string) => Way | undefined): void
  close(): Promise<void>
}

/** Every build succeeds at once. */
const BUILDER = grpcServer(
  { '/moby.buildkit.v1.Control/Solve': async () => new Uint8Array() },
  { '/moby.buildkit.v1.Control/Status': async () => undefined },
)

let count = 0

/** An engine at a separate socket that answers as it should, or in the way that is requested. */
export async function hostileEngine(): Promise<HostileEngine> {
  const path = join(tmpdir(), `flotilla-hostile-${process.pid}-${count++}.sock`)
  const sockets = new Set<Socket>()
  const called = new Set<string>()
  let wayOf: (route: string) => Way | undefined = () => undefined
  const serve = (asked: IncomingMessage, response: ServerResponse) => {
    asked.resume()
    const { name, answer } = routeOf(asked.method ?? '', asked.url ?? '')
    called.add(name)
    const way = wayOf(name)
    const { socket } = asked
    if (way) asked.on('end', () => way(socket, answer, response))
    else give(asked, response, answer)
  }
  const server = createServer(serve)
  server.on('upgrade', (asked: IncomingMessage, socket: Socket) => {
    const { name, answer } = routeOf(asked.method ?? '', asked.url ?? '')
    called.add(name)
    const way = wayOf(name)
    if (way) return way(socket, answer, undefined as never)
    if (name === 'POST /grpc') {
      socket.write(SWITCHED)
      return void BUILDER.emit('connection', socket)
    }
    socket.end(Buffer.concat([Buffer.from(SWITCHED), answer.raw ?? Buffer.alloc(0)]))
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return {
    host: `unix://${path}`,
    called,
    misbehave(way) {
      wayOf = way
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
        rmSync(path, { force: true })
      }),
  }
}

/** The connection is handed over. */
export const SWITCHED = 'HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n'

function give(asked: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { status, body, raw, open, headers = {} } = answer
  asked.on('end', () => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.flushHeaders()
    if (open) return
    response.end(raw ?? (body === undefined ? undefined : JSON.stringify(body)))
  })
}
