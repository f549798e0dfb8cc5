import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { findEndpoint } from '../../src/docker/connect.ts'
import { thisEnvironment } from '../support/live.ts'

/** What happens to a call on its way to the engine. */
export type Fault =
  | { kind: 'pass' }
  /** Answered with a 500; the engine never hears of it. */
  | { kind: 'refuse' }
  /** The connection breaks before the engine hears of the call. */
  | { kind: 'reset-before' }
  /** The engine carries the call out, but its answer is lost. */
  | { kind: 'reset-after' }
  | { kind: 'delay'; ms: number }

export interface Call {
  method: string
  /** Without the API's version. */
  path: string
}

export interface Proxy {
  /** For DOCKER_HOST. */
  host: string
  /** Every call so far, in order. */
  calls: (Call & { fault: Fault['kind'] })[]
  close(): Promise<void>
}

export const PASS: Fault = { kind: 'pass' }

/** The engine's own socket, or undefined if it is reached in another way. */
export async function engineSocket(): Promise<string | undefined> {
  const found = await findEndpoint(thisEnvironment())
  return found.ok && found.value.address.kind === 'socket' ? found.value.address.path : undefined
}

/** Stands in front of the engine's socket, counts what passes, and breaks what is requested; on a port of its choice by default. */
export async function startProxy(
  socketPath: string,
  faultOf: (call: Call) => Fault = () => PASS,
  port = 0,
): Promise<Proxy> {
  const calls: Proxy['calls'] = []
  const sockets = new Set<Socket>()
  const judge = ({ method = '', url = '' }: IncomingMessage): Fault => {
    const call = { method, path: url.replace(/^\/v\d+\.\d+/, '') }
    const fault = faultOf(call)
    calls.push({ ...call, fault: fault.kind })
    return fault
  }
  const server = createServer((asked, answer) => void serve(socketPath, asked, answer, judge(asked)))
  server.on('upgrade', (asked, socket) => void upgrade(socketPath, asked, socket as Socket, judge(asked)))
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    host: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

async function serve(socketPath: string, asked: IncomingMessage, answer: ServerResponse, fault: Fault): Promise<void> {
  asked.on('error', () => undefined)
  answer.on('error', () => undefined)
  if (fault.kind === 'reset-before') return void asked.socket.destroy()
  if (fault.kind === 'refuse') return refuse(asked, answer)
  if (fault.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.ms))
  const { method, url, headers } = asked
  const inner = request({ socketPath, method, path: url, headers }, (reply) => {
    // An answer's head comes once the engine has done what it was asked; some bodies never end.
    if (fault.kind === 'reset-after') return void asked.socket.destroy()
    answer.writeHead(reply.statusCode ?? 500, reply.headers)
    answer.flushHeaders()
    reply.pipe(answer)
    reply.on('error', () => answer.destroy())
  })
  inner.on('error', () => asked.socket.destroy())
  // A caller that goes away before the answer is there takes its call along, as it would without us.
  answer.on('close', () => !answer.writableFinished && inner.destroy())
  asked.pipe(inner)
}

function refuse(asked: IncomingMessage, answer: ServerResponse): void {
  asked.resume()
  answer.writeHead(500, { 'content-type': 'application/json' })
  answer.end(JSON.stringify({ message: 'broken on purpose' }))
}

/** Attached streams: the engine takes the connection over. */
async function upgrade(socketPath: string, asked: IncomingMessage, socket: Socket, fault: Fault): Promise<void> {
  if (fault.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.ms))
  else if (fault.kind !== 'pass') return void socket.destroy()
  const { method, url, headers } = asked
  const inner = request({ socketPath, method, path: url, headers })
  inner.on('error', () => socket.destroy())
  inner.on('response', (reply) => {
    socket.write(headOf(reply))
    reply.pipe(socket)
  })
  inner.on('upgrade', (reply, engine, head) => {
    socket.write(headOf(reply))
    socket.write(head)
    socket.pipe(engine).pipe(socket)
    engine.on('error', () => socket.destroy()).on('close', () => socket.destroy())
    socket.on('close', () => engine.destroy())
  })
  asked.pipe(inner)
  if (asked.headers['content-length'] === undefined) inner.end()
}

function headOf(reply: IncomingMessage): string {
  const lines = reply.rawHeaders.flatMap((name, at, all) => (at % 2 === 0 ? [`${name}: ${all[at + 1]}`] : []))
  return `HTTP/1.1 ${reply.statusCode} ${reply.statusMessage}\r\n${lines.join('\r\n')}\r\n\r\n`
}
