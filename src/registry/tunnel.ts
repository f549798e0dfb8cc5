import type { ClientRequest, RequestOptions } from 'node:http'
import type { Socket } from 'node:net'
import { isIP } from 'node:net'

/** How long a proxy may take to connect, in milliseconds. */
const PATIENCE = 60_000

type Options = RequestOptions & { signal: AbortSignal }

/** A request through a proxy (RFC 9110, 9.3.6 and 3.7): encrypted ones through a tunnel, so that the proxy reads nothing of them. */
export async function requestThrough(proxy: URL, url: URL, options: Options): Promise<ClientRequest> {
  if (url.protocol === 'http:') return plainRequest(proxy, url, options)
  const [socket, { request }, { connect }] = await Promise.all([
    tunnelTo(url, proxy, options.signal),
    import('node:https'),
    import('node:tls'),
  ])
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const createConnection = () => connect({ socket, host, servername: isIP(host) ? '' : host })
  return request(url, { ...options, createConnection })
}

async function plainRequest(proxy: URL, url: URL, options: Options): Promise<ClientRequest> {
  const { request } = await clientOf(proxy)
  const headers = { ...options.headers, host: url.host, ...authorizationFor(proxy) }
  return request(proxy, { ...options, auth: null, path: url.origin + url.pathname + url.search, headers })
}

async function tunnelTo(url: URL, proxy: URL, signal: AbortSignal): Promise<Socket> {
  const { request } = await clientOf(proxy)
  const path = `${url.hostname}:${url.port || 443}`
  const headers = { host: path, ...authorizationFor(proxy) }
  const asked = request(proxy, { method: 'CONNECT', path, headers, auth: null, signal, timeout: PATIENCE })
  return new Promise((resolve, reject) => {
    asked.once('connect', ({ statusCode = 0, statusMessage = '' }, socket: Socket, head: Buffer) => {
      socket.setTimeout(0)
      if (head.length > 0) socket.unshift(head)
      if (statusCode >= 200 && statusCode < 300) return resolve(socket)
      socket.destroy()
      reject(new Error(`it answered ${statusCode} ${statusMessage.slice(0, 100)}`.trimEnd()))
    })
    asked.once('response', (response) => response.destroy(new Error('it answered with something else')))
    asked.once('timeout', () => asked.destroy(new Error('no answer within a minute')))
    asked.once('error', reject)
    asked.end()
  })
}

function clientOf({ protocol }: URL): Promise<Pick<typeof import('node:http'), 'request'>> {
  if (protocol === 'http:') return import('node:http')
  if (protocol === 'https:') return import('node:https')
  throw new Error(`proxies of the kind ${protocol}// are not supported`)
}

function authorizationFor({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {}
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(user).toString('base64')}` }
}
