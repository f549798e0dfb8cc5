import type { FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import type { Context } from '../../../cli/context.ts'
import { openedFile } from '../../../pack/read/open-pack.ts'
import { spooled } from '../../../pack/read/spool.ts'

/** The pack that the user names: a file, or `-` for standard input, which is kept in a temporary file. */
export async function packFile(context: Context, name: string): Promise<FileHandle> {
  const { host, signal } = context
  if (name !== '-') return openedFile(resolve(host.cwd, name))
  return spooled(host.console.input(signal), host.env.TMPDIR || tmpdir())
}
