import type { IncomingMessage } from 'node:http'
import type { SilenceTimer } from './silence.ts'

/** The connection ended before the answer did. */
export class CutError extends Error {
  override readonly name = 'CutError'
  constructor(bytes: number, options?: ErrorOptions) {
    super(`the answer broke off after ${bytes} bytes`, options)
  }
}

/** The answer is not one that a Docker engine gives. */
export class StrangeError extends Error {
  override readonly name = 'StrangeError'
}

/** The answer exceeds the size limit. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError'
}

/** Reads a whole body. Rejects if it is cut off, or longer than `limit` bytes. */
export function wholeBody(response: IncomingMessage, limit: number, timer?: SilenceTimer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    response.on('data', (chunk: Buffer) => {
      timer?.heard()
      size += chunk.length
      if (size <= limit) return void chunks.push(chunk)
      reject(new TooLargeError(`the answer is larger than ${Math.round(limit / 1024 / 1024)} MiB`))
      response.destroy()
    })
    const cut = (cause?: Error) => reject(new CutError(size, { cause }))
    response.on('end', () => resolve(Buffer.concat(chunks)))
    response.on('error', cut).on('close', () => cut())
  })
}

/** Reads at most the first `limit` bytes of a body, and only those that arrive within `wait` milliseconds. */
export function bodyStart(response: IncomingMessage, limit: number, wait: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const done = () => {
      clearTimeout(timer)
      response.destroy()
      resolve(Buffer.concat(chunks).subarray(0, limit))
    }
    const timer = setTimeout(done, wait).unref()
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.length
      if (size >= limit) done()
    })
    response.on('end', () => {
      clearTimeout(timer)
      resolve(Buffer.concat(chunks).subarray(0, limit))
    })
    response.on('error', done).on('close', done)
  })
}
