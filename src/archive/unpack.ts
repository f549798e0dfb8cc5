import { constants } from 'node:fs'
import { chmod, link, lstat, lutimes, mkdir, open, realpath, rm, symlink, utimes } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { ArchiveError, type ReadEntry, readTar } from './read-tar.ts'

/**
 * Unpacks an archive with one root: the root becomes `target`, with its content below. Applies permission bits and times, but not
 * owners. Replaces existing entries, except a folder by something else or vice versa. Writes nothing outside `target`, neither
 * through names with `..` nor through links, even ones that existed before. Resolves to the paths of skipped entries: sockets,
 * pipes, devices. Throws ArchiveError, or a file system error.
 * @param target absolute; its parent exists
 */
export async function unpackTree(archive: AsyncIterable<Uint8Array>, target: string): Promise<string[]> {
  const unpacking: Unpacking = {
    target,
    root: undefined,
    isLeaf: false,
    folders: new Map(),
    isSafe: new Set(),
    leftOut: [],
  }
  for await (const entry of readTar(archive)) await unpack(entry, unpacking)
  // From the innermost folder out: a read-only folder must be filled before its mode is set.
  for (const [folder, { mode, mtime }] of [...unpacking.folders].reverse()) {
    await chmod(folder, mode)
    await utimes(folder, mtime, mtime)
  }
  return unpacking.leftOut
}

interface Unpacking {
  target: string
  /** The root's name in the archive; undefined before the first entry. */
  root: string | undefined
  /** Whether the root is not a folder: nothing can lie below it. */
  isLeaf: boolean
  folders: Map<string, ReadEntry>
  /** Folders in which creating entries is safe. */
  isSafe: Set<string>
  leftOut: string[]
}

async function unpack(entry: ReadEntry, unpacking: Unpacking): Promise<void> {
  const path = placeOf(entry.path, unpacking)
  if (path !== unpacking.target) await checkParent(dirname(path), unpacking)
  if (entry.type === 'other') return void unpacking.leftOut.push(entry.path)
  const there = await lstat(path).catch(() => undefined)
  if (there && there.isDirectory() !== (entry.type === 'directory')) throw new ArchiveError(clash(path, entry.type))
  if (entry.type === 'directory') {
    if (!there) await mkdir(path, 0o700)
    unpacking.folders.set(path, entry)
    return
  }
  if (there) await rm(path)
  if (path === unpacking.target) unpacking.isLeaf = true
  await CREATE[entry.type](path, entry, unpacking)
}

const CREATE = {
  async file(path: string, entry: ReadEntry) {
    const { O_CREAT, O_EXCL, O_WRONLY } = constants
    const handle = await open(path, O_CREAT | O_EXCL | O_WRONLY, 0o600)
    try {
      for await (const chunk of entry.content) await handle.writeFile(chunk)
      await handle.chmod(entry.mode)
      await handle.utimes(entry.mtime, entry.mtime)
    } finally {
      await handle.close()
    }
  },
  async symlink(path: string, { linkTarget, mtime }: ReadEntry) {
    await symlink(linkTarget, path)
    await lutimes(path, mtime, mtime)
  },
  async link(path: string, { linkTarget }: ReadEntry, unpacking: Unpacking) {
    const source = placeOf(linkTarget, unpacking)
    await checkParent(dirname(source), unpacking)
    await link(source, path)
  },
}

function clash(path: string, type: ReadEntry['type']): string {
  return type === 'directory'
    ? `${path} is a file, but the archive has a folder in its place`
    : `${path} is a folder, but the archive has a file in its place`
}

/** Maps `lib/a` to `a` below the target in an archive whose root is `lib`. Archives of `/` and `folder/.` have a root without a name. */
function placeOf(path: string, unpacking: Unpacking): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..') || path.includes('\0') || (sep === '\\' && /[\\:]/.test(path))) throw outside(path)
  unpacking.root ??= parts[0] ?? ''
  if (unpacking.root === '') return join(unpacking.target, ...parts)
  const [root, ...below] = parts
  if (root !== unpacking.root)
    throw new ArchiveError(`"${path}" lies outside "${unpacking.root}", the root of the archive`)
  return join(unpacking.target, ...below)
}

/** A link, from the archive or already on this machine, may lead anywhere. */
async function checkParent(folder: string, { target, isLeaf, isSafe }: Unpacking): Promise<void> {
  if (isLeaf) throw outside(folder)
  if (isSafe.has(folder)) return
  const [real, root] = await Promise.all([realpath(folder), realpath(target)])
  if (real !== root && !real.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)) throw outside(folder)
  isSafe.add(folder)
}

function outside(path: string): ArchiveError {
  return new ArchiveError(`"${path}" leads outside of the destination folder`)
}
