import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { addAbortSignal, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export interface Message {
  method?: string
  /** Names in lower case. */
  headers?: Record<string, string>
  body?: string | Uint8Array | ReadableStream<Uint8Array>
}

/** How one request is sent. */
export interface Sending {
  signal: AbortSignal
  proxy?: URL | undefined
}

/** How long a registry may take to begin its answer, and how long a request may stand still, in milliseconds. */
const PATIENCE = 60_000
/** How long an answer may stand still, in milliseconds. */
const PAUSE = 5 * 60_000
/** Statuses whose answers have no body (https://fetch.spec.whatwg.org/#null-body-status). */
const WITHOUT_BODY = [204, 205, 304]

/**
 * Makes one request and follows no redirect. Unlike `fetch` it asks servers on every port: the ports that `fetch` refuses
 * (https://fetch.spec.whatwg.org/#port-blocking) are as good as others for a registry.
 */
export async function exchange(url: URL, message: Message, { signal, proxy }: Sending): Promise<Response> {
  const { method = 'GET', body } = message
  const headers = { accept: '*/*', 'user-agent': 'flotilla', ...message.headers }
  // An address in a redirect can contain a user's name: nothing is sent for it.
  const options = { method, headers, auth: null, signal }
  const sent = await (proxy ? throughProxy(proxy, url, options) : direct(url, options))
  const answer = answerTo(sent)
  send(sent, body)
  const incoming = addAbortSignal(signal, await answer)
  incoming.setTimeout(PAUSE, () => incoming.destroy(new Error('the registry stopped sending')))
  return responseOf(incoming, method)
}

async function direct(url: URL, options: RequestOptions): Promise<ClientRequest> {
  const { request } = await (url.protocol === 'https:' ? import('node:https') : import('node:http'))
  return request(url, options)
}

async function throughProxy(proxy: URL, url: URL, options: RequestOptions & { signal: AbortSignal }) {
  const { requestThrough } = await import('./tunnel.ts')
  return requestThrough(proxy, url, options)
}

function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
  const stop = limit(sent)
  return new Promise<IncomingMessage>((resolve, reject) => {
    sent.on('error', reject)
    sent.once('close', () => reject(new Error('the connection was closed')))
    sent.once('response', resolve)
  }).finally(stop)
}

/** Ends a request that takes too long, until the returned function is called. An answer is due once the request is sent: an upload may take long. */
function limit(sent: ClientRequest): () => void {
  const late = () => sent.destroy(new Error('no answer within a minute'))
  let timer: NodeJS.Timeout | undefined
  const begin = () => {
    timer = setTimeout(late, PATIENCE)
  }
  sent.once('finish', begin)
  sent.setTimeout(PATIENCE, late)
  return () => {
    sent.off('finish', begin).off('timeout', late).setTimeout(0)
    clearTimeout(timer)
  }
}

function send(sent: ClientRequest, body: Message['body']): void {
  if (!(body instanceof ReadableStream)) return void sent.end(body)
  // A stream that fails ends the request with its error.
  pipeline(Readable.from(body), sent).catch(() => undefined)
}

function responseOf(incoming: IncomingMessage, method: string): Response {
  const { statusCode: status = 0, statusMessage: statusText = '', rawHeaders } = incoming
  const headers = new Headers()
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '')
  const isEmpty = method === 'HEAD' || WITHOUT_BODY.includes(status)
  if (isEmpty) incoming.resume()
  return new Response(isEmpty ? null : contentOf(incoming), { status, statusText, headers })
}

/** Bytes are read as they are asked for. */
function contentOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<Buffer> = incoming[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel() {
        incoming.destroy()
      },
    },
    { highWaterMark: 0 },
  )
}
