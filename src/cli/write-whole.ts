import { randomBytes } from 'node:crypto'
import { lstat, rename, rm, writeFile } from 'node:fs/promises'

/**
 * Writes a file atomically: to a temporary file that is then renamed. A path that is not a regular file (a device, a link), or that
 * cannot be replaced, is written in place. Rejects as `writeFile` does.
 */
export async function writeWhole(path: string, content: string, options: { mode?: number } = {}): Promise<void> {
  const there = await lstat(path).catch(() => undefined)
  if (there && !there.isFile()) return writeFile(path, content, options)
  const mode = options.mode ?? (there ? there.mode & 0o777 : undefined)
  try {
    await replace(path, content, mode === undefined ? {} : { mode })
  } catch (thrown) {
    if (!there || !isKeptInPlace(thrown)) throw thrown
    await writeFile(path, content, options)
  }
}

async function replace(path: string, content: string, options: { mode?: number }): Promise<void> {
  const beside = `${path}.${randomBytes(4).toString('hex')}.new`
  try {
    await writeFile(beside, content, { flag: 'wx', ...options })
    await rename(beside, path)
  } catch (thrown) {
    await rm(beside, { force: true })
    throw thrown
  }
}

/** Whether the file must be written in place: its folder is read-only, or the file is a mount point. */
function isKeptInPlace(thrown: unknown): boolean {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  return code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'EBUSY'
}
