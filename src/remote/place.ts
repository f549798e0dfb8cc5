import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** The name of the folder of all fetched stacks; `stack/origin.ts` reads what lies below it. */
const ROOT = 'remote'

/**
 * The folder of one version of a remote stack: `remote/KIND/SOURCE/VERSION`. The version is a digest or a commit, so that the content
 * never changes.
 */
export function folderOf(cache: string, kind: 'oci' | 'git', source: string, version: string): string {
  const readable = source.replace(/^\w+:\/\//, '').replace(/[^\w.-]+/g, '-')
  const short = createHash('sha256').update(source).digest('hex').slice(0, 12)
  return join(cache, ROOT, kind, `${readable.slice(-80).replace(/^[.-]+/, '')}-${short}`, version)
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** Fills a folder that appears only once it is complete, even if others fill it at the same time. */
export async function filledOnce(folder: string, fill: (folder: string) => Promise<void>): Promise<void> {
  if (await exists(folder)) return
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 })
  const beside = await mkdtemp(`${folder}.new-`)
  try {
    await fill(beside)
    await rename(beside, folder)
  } catch (thrown) {
    await rm(beside, { recursive: true, force: true })
    // Somebody else was first, with the same content.
    if (!(await exists(folder))) throw thrown
  }
}
