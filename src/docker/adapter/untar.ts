import { ArchiveError, readTar } from '../../archive/read-tar.ts'
import type { FileContent } from '../port.ts'
import { StrangeError } from './http/body.ts'

/**
 * The size of a tar archive's first entry, and up to `limit` bytes of its content, if it is a regular file. Reads no further than
 * that.
 */
export async function firstFile(archive: AsyncIterable<Uint8Array>, limit: number): Promise<FileContent | undefined> {
  try {
    for await (const { type, path, size, content } of readTar(archive)) {
      return type === 'file' && path !== ''
        ? { size, content: await startOf(content, Math.min(size, limit)) }
        : undefined
    }
    return undefined
  } catch (error) {
    throw error instanceof ArchiveError ? new StrangeError(`the answer is not an archive: ${error.message}`) : error
  }
}

async function startOf(content: AsyncIterable<Uint8Array>, bytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  if (bytes === 0) return new Uint8Array()
  for await (const part of content) {
    parts.push(part)
    length += part.length
    if (length >= bytes) break
  }
  return Buffer.concat(parts).subarray(0, bytes)
}
