import { join } from 'node:path'
import { openPack } from '../../src/pack/read/open-pack.ts'
import type { Bytes, PackSource, ReadOptions, VerifiedPack } from '../../src/pack/types.ts'
import { type WriteOptions, writePack } from '../../src/pack/write/write-pack.ts'
import { withFolder } from '../support/folder.ts'

export const { signal } = new AbortController()
export const GZIP = { signal, compress: 'gzip' } as const

export async function whole(content: Bytes): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const bytes of content) all.push(bytes)
  return Buffer.concat(all)
}

/** Writes a pack to a file in a folder that is gone afterwards. */
export async function packed<T>(
  source: PackSource,
  body: (file: string, folder: string) => Promise<T>,
  options: Partial<WriteOptions> = {},
): Promise<T> {
  return withFolder({}, async (folder) => {
    const file = join(folder, 'lab.flotilla.tar')
    await writePack(file, source, { ...GZIP, ...options })
    return body(file, folder)
  })
}

export async function opened<T>(
  file: string,
  body: (pack: VerifiedPack) => Promise<T>,
  options: Partial<ReadOptions> = {},
): Promise<T> {
  const pack = await openPack(file, { signal, ...options })
  try {
    return await body(pack)
  } finally {
    await pack.close()
  }
}

/** The message with which work fails; empty if it does not. */
export async function rejection(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => '',
    (thrown: Error) => thrown.message,
  )
}
