import { type IncomingMessage, type RequestOptions, request as sendRequest } from 'node:http'
import type { Duplex, Readable } from 'node:stream'
import type Dockerode from 'dockerode'

export type Reply = IncomingMessage | Duplex

type Done = (error: unknown, reply: Reply | null) => void

/**
 * Sends the requests that the client prepares. The client itself would follow redirects anywhere, read bodies of any length, and
 * hang if a connection breaks in the middle of a body.
 */
export function sendingItself(docker: Dockerode): Dockerode {
  Object.assign(docker.modem, { buildRequest })
  return docker
}

function buildRequest(
  this: { protocol?: string },
  options: RequestOptions,
  { hijack = false }: { hijack?: boolean },
  data: string | Buffer | Readable | undefined,
  done: Done,
): void {
  // The TLS agent does the rest: loading `node:https` would take milliseconds.
  const request = sendRequest({ ...options, protocol: `${this.protocol ?? 'http'}:` })
  request.on('response', (response) => done(null, response)).on('error', (error) => done(error, null))
  request.on('upgrade', (_, socket, head) => {
    if (hijack) return done(null, withHead(socket, head))
    socket.destroy()
    done(Object.assign(new Error('the answer switches protocols'), { code: 'HPE_UPGRADE' }), null)
  })
  if (data === undefined || typeof data === 'string' || Buffer.isBuffer(data)) return void request.end(data)
  data.on('error', (error) => request.destroy(error))
  data.pipe(request)
}

function withHead(socket: Duplex, head: Buffer): Duplex {
  if (head.length > 0) socket.unshift(head)
  return socket
}
