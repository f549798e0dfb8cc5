import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { Duplex } from 'node:stream'

/** What a proxy was asked for: `GET http://host/path` or `CONNECT host:443`, with the name and password that came with it. */
export interface Asked {
  line: string
  user: string
}

export interface SmallProxy {
  address: string
  readonly asked: Asked[]
}

/** Runs with an HTTP proxy on the loopback interface, for which every name is the server at this address; it is gone afterwards. */
export async function withSmallProxy<T>(server: string, body: (proxy: SmallProxy) => Promise<T>): Promise<T> {
  const target = new URL(`http://${server}`)
  const asked: Asked[] = []
  const note = ({ method, url, headers }: IncomingMessage) => {
    const [, encoded = ''] = /^Basic (.*)$/.exec(headers['proxy-authorization'] ?? '') ?? []
    asked.push({ line: `${method} ${url}`, user: Buffer.from(encoded, 'base64').toString() })
  }
  const tunnels = new Set<Duplex>()
  const proxy = createServer((incoming, response) => {
    note(incoming)
    forward(incoming, response, target)
  })
  proxy.on('connect', (incoming, socket: Duplex, head: Buffer) => {
    note(incoming)
    tunnels.add(socket)
    tunnel(socket, head, target)
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  try {
    return await body({ address: `127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked })
  } finally {
    for (const socket of tunnels) socket.destroy()
    proxy.closeAllConnections()
    proxy.close()
  }
}

function forward(incoming: IncomingMessage, response: ServerResponse, { hostname, port }: URL): void {
  const { pathname, search } = new URL(incoming.url ?? '')
  const { method, headers } = incoming
  const onwards = request({ hostname, port, method, headers, path: pathname + search }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  onwards.on('error', () => response.destroy())
  incoming.pipe(onwards)
}

function tunnel(socket: Duplex, head: Buffer, { hostname, port }: URL): void {
  const onwards = connect(Number(port), hostname, () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    onwards.write(head)
    onwards.pipe(socket).pipe(onwards)
  })
  socket.on('error', () => onwards.destroy())
  onwards.on('error', () => socket.destroy())
}
