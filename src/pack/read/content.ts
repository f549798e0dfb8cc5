import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { refused } from '../problem.ts'
import type { Bytes, Compressed, Member } from '../types.ts'
import { Measure } from '../write/measure.ts'
import type { PackFile } from './file.ts'

const CHUNK = 256 * 1024

export interface Sums {
  /** Of the bytes in the pack. */
  stored: string
  /** Of the content, uncompressed. */
  plain: string
}

/**
 * A member's content, uncompressed, as it is read. It never exceeds the declared size by more than a chunk.
 * @param onEnd called with the checksums once all was read
 */
export async function* plainContent(
  file: PackFile,
  member: Member,
  declared: Compressed | undefined,
  onEnd: (sums: Sums) => void = () => {},
): AsyncGenerator<Uint8Array> {
  const stored = new Measure()
  const raw = stored.through(file.stream(member.offset, member.size))
  if (!declared) {
    yield* raw
    const sha256 = stored.sha256()
    return onEnd({ stored: sha256, plain: sha256 })
  }
  const plain = new Measure()
  yield* bounded(plain.through(gunzipped(raw, member.path)), declared.size, member.path)
  if (plain.size !== declared.size)
    throw refused(`it holds ${plain.size} bytes instead of ${declared.size}`, member.path)
  onEnd({ stored: stored.sha256(), plain: plain.sha256() })
}

async function* gunzipped(stored: Bytes, path: string): AsyncGenerator<Uint8Array> {
  const source = Readable.from(stored, { objectMode: false, highWaterMark: CHUNK })
  const gunzip = createGunzip({ chunkSize: CHUNK })
  let failure: Error | undefined
  source.on('error', (thrown) => {
    failure = thrown
    gunzip.destroy(thrown)
  })
  try {
    yield* source.pipe(gunzip)
  } catch (thrown) {
    if (failure) throw failure
    throw refused(`it is not whole gzip data (${(thrown as Error).message})`, path)
  } finally {
    source.destroy()
    gunzip.destroy()
  }
}

async function* bounded(plain: Bytes, most: number, path: string): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const bytes of plain) {
    size += bytes.length
    if (size > most) throw refused(`it holds more than the ${most} bytes that are declared`, path)
    yield bytes
  }
}
