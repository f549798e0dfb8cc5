import { randomBytes } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { reasonOf } from '../../diagnostics/system-error.ts'
import { refused } from '../problem.ts'
import type { Bytes } from '../types.ts'

/** Keeps a stream in a file without a name, so that it can be read at any place and is gone when it is closed. */
export async function spooled(input: Bytes, folder: string): Promise<FileHandle> {
  const path = join(folder, `flotilla-${randomBytes(8).toString('hex')}.spool`)
  const handle = await open(path, 'wx+', 0o600)
  try {
    await rm(path, { force: true })
    for await (const bytes of input) await handle.writeFile(bytes)
    return handle
  } catch (thrown) {
    await handle.close()
    if (!(thrown instanceof Error && 'code' in thrown)) throw thrown
    throw refused(
      `standard input cannot be kept in ${folder}: ${reasonOf(thrown)}`,
      undefined,
      'TMPDIR names another folder',
    )
  }
}
