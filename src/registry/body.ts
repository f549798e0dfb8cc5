import { createHash } from 'node:crypto'
import { RegistryError } from './error.ts'

/** How long a whole answer that is kept in memory may take, in milliseconds. */
const PATIENCE = 5 * 60_000

/** Reads a body of at most `most` bytes. Throws a RegistryError for a longer one, whose rest is not read, and for one without end. */
export async function readBody(response: Response, most: number): Promise<Buffer> {
  const reader = response.body?.getReader()
  if (!reader) return Buffer.alloc(0)
  const late = setTimeout(() => void reader.cancel(), PATIENCE)
  const began = Date.now()
  try {
    const bytes = await collected(reader, most)
    if (Date.now() - began < PATIENCE) return bytes
    throw new RegistryError('unreachable', 'the registry takes too long to answer')
  } finally {
    clearTimeout(late)
    await reader.cancel().catch(() => undefined)
  }
}

async function collected(reader: ReadableStreamDefaultReader<Uint8Array>, most: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read().catch((cause) => {
      throw new RegistryError('unreachable', 'the connection to the registry broke', { cause })
    })
    if (done) return Buffer.concat(chunks)
    size += value.length
    if (size > most) throw new RegistryError('invalid', `the registry's answer is larger than ${inWords(most)}`)
    chunks.push(value)
  }
}

function inWords(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${Math.floor(bytes / 1024 / 1024)} MiB` : `${bytes} bytes`
}

/** Throws a RegistryError for bytes that do not have this digest. */
export function verify(bytes: Uint8Array, digest: string): void {
  const [algorithm = ''] = digest.split(':')
  const actual = digestOf(bytes, algorithm)
  if (actual !== digest)
    throw new RegistryError('invalid', `the registry's answer has the digest ${actual} instead of ${digest}`)
}

export function digestOf(bytes: Uint8Array, algorithm = 'sha256'): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`
}

/** The first reason in a registry's refusal (OCI distribution specification, "Error Codes"). */
export async function refusalIn(response: Response): Promise<string> {
  try {
    const data: unknown = JSON.parse((await readBody(response, 64 * 1024)).toString('utf8'))
    return messageIn(data) ?? response.statusText
  } catch {
    return response.statusText
  }
}

function messageIn(data: unknown): string | undefined {
  const errors = typeof data === 'object' && data !== null && 'errors' in data ? data.errors : undefined
  const [first] = Array.isArray(errors) ? errors : []
  const message = first?.message || first?.code
  return typeof message === 'string' ? message.slice(0, 300) : undefined
}
