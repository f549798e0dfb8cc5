import { readdir, readlink, realpath } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'

/** The first symbolic link in a tree, relative to it, that leads out of the tree. */
export async function linkOutside(folder: string): Promise<string | undefined> {
  const root = await realpath(folder)
  const folders = [root]
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    for (const entry of await readdir(at, { withFileTypes: true })) {
      const path = join(at, entry.name)
      if (entry.isSymbolicLink() && !isInside(root, await targetOf(path))) return relative(root, path)
      if (entry.isDirectory()) folders.push(path)
    }
  }
  return undefined
}

/** Where a link leads in the end; what a link to a missing place says. */
async function targetOf(link: string): Promise<string> {
  return realpath(link).catch(async () => resolve(dirname(link), await readlink(link)))
}

function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root + sep)
}
