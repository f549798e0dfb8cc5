// The engine's HTTP API, bare: one request, one answer, over connections that stay open.
import { Agent, request } from 'node:http'

/** A function that sends a request to the engine behind a socket: resolves to the parsed answer, or with `stream` to the response. */
export function caller(socketPath) {
  const agent = new Agent({ keepAlive: true })
  return function call(method, path, { body, stream } = {}) {
    const payload = body === undefined ? undefined : JSON.stringify(body)
    const headers = payload ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) } : {}
    return new Promise((resolve, reject) => {
      const sent = request({ socketPath, agent, method, path, headers }, (response) => {
        if (stream) return resolve(response)
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk) => {
          text += chunk
        })
        response.on('end', () => {
          if (response.statusCode >= 400) reject(new Error(`${method} ${path}: ${response.statusCode} ${text}`))
          else resolve(text ? JSON.parse(text) : undefined)
        })
      })
      sent.on('error', reject)
      sent.end(payload)
    })
  }
}

/** At most `width` at once. */
export function limiter(width) {
  let inside = 0
  const waiting = []
  return async (work) => {
    if (inside >= width) await new Promise((enter) => waiting.push(enter))
    else inside++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else inside--
    }
  }
}
