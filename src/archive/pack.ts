import { constants, type Stats } from 'node:fs'
import { lstat, open, readdir, readlink, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { padding, type TarEntry, tarEnd, tarHeader } from './tar.ts'

const CHUNK = 256 * 1024

export interface PackOptions {
  /** The source's own name in the archive; empty to pack only the folder's content. */
  name: string
  /** Content of a source without a name is packed below this path instead of at the root. */
  prefix?: string
  /** If the source is a link, pack its target. */
  follow?: boolean
  /** Replaces the owner of all entries. */
  owner?: { uid: number; gid: number }
  /** Packs only the source itself: a folder without its content. */
  shallow?: boolean
  /** Whether to pack a path inside the folder, by absolute path. `descend` skips the path itself but visits its content. */
  verdict?(path: string): 'kept' | 'ignored' | 'descend'
  /** Called for each skipped entry: sockets, pipes, devices. */
  onLeftOut?(path: string): void
}

/**
 * Streams a file, link or folder of this machine as a tar archive, with owners, permission bits and times in whole seconds: sorted
 * by name, folders before their content. Files with several names become hard links. Sockets, pipes and devices are skipped.
 */
export async function* packTree(source: string, options: PackOptions): AsyncGenerator<Uint8Array> {
  yield* packEntries(source, options)
  yield tarEnd()
}

/** Does the same without the end-of-archive blocks. */
export async function* packEntries(source: string, options: PackOptions): AsyncGenerator<Uint8Array> {
  const info = await (options.follow ? stat : lstat)(source)
  const isKept = (path: string) => path === source || (options.verdict?.(path) ?? 'kept') === 'kept'
  yield* pack(source, options.name, info, { options, isKept, seen: new Map() })
}

interface Packing {
  options: PackOptions
  isKept(path: string): boolean
  /** Paths of files that may reappear under another name (hard links), by device and inode. */
  seen: Map<string, string>
}

async function* pack(file: string, path: string, info: Stats, packing: Packing): AsyncGenerator<Uint8Array> {
  const common = {
    path,
    mode: modeOf(info.mode, info.isDirectory()),
    mtime: info.mtimeMs / 1000,
    ...(packing.options.owner ?? ownerOf(info)),
  }
  if (!info.isDirectory() && !packing.isKept(file)) return
  if (info.isDirectory()) {
    if (path !== '' && packing.isKept(file)) yield tarHeader({ ...common, type: 'directory' })
    if (!packing.options.shallow) yield* packChildren(file, path, packing)
  } else if (info.isSymbolicLink()) {
    yield tarHeader({ ...common, type: 'symlink', linkTarget: slashed(await readlink(file)) })
  } else if (info.isFile()) yield* packFile(file, common, info, packing.seen)
  else packing.options.onLeftOut?.(file)
}

async function* packChildren(folder: string, path: string, packing: Packing): AsyncGenerator<Uint8Array> {
  for (const name of (await readdir(folder)).sort()) {
    const child = join(folder, name)
    if (packing.options.verdict?.(child) === 'ignored') continue
    yield* pack(child, [path || packing.options.prefix, name].filter(Boolean).join('/'), await lstat(child), packing)
  }
}

type Common = Omit<TarEntry, 'type'>

async function* packFile(
  file: string,
  common: Common,
  info: Stats,
  seen: Map<string, string>,
): AsyncGenerator<Uint8Array> {
  const key = `${info.dev}:${info.ino}`
  // Engines lose setuid and setgid bits when they create a hard link.
  const earlier = (info.mode & 0o6000) === 0 && sep === '/' ? seen.get(key) : undefined
  if (earlier !== undefined) {
    yield tarHeader({ ...common, type: 'link', linkTarget: earlier })
    return
  }
  if (info.nlink > 1) seen.set(key, common.path)
  yield* fileEntry(file, { ...common, type: 'file', size: info.size })
}

/** The header of a file and its content. A file that changes while it is read is padded or cut to the size in its header. */
export async function* fileEntry(file: string, header: TarEntry & { size: number }): AsyncGenerator<Uint8Array> {
  // If the path has become a pipe in the meantime, opening it must not block.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    yield tarHeader(header)
    for (let left = header.size; left > 0; ) {
      const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(Math.min(CHUNK, left)) })
      const part = bytesRead > 0 ? buffer.subarray(0, bytesRead) : buffer
      yield part
      left -= part.length
    }
    yield padding(header.size)
  } finally {
    await handle.close()
  }
}

/** Windows has no numeric owners. */
function ownerOf({ uid, gid }: Stats): { uid: number; gid: number } {
  return sep === '/' ? { uid, gid } : { uid: 0, gid: 0 }
}

/** Windows has no executable bit: there, every file counts as executable. */
export function modeOf(mode: number, isDirectory: boolean): number {
  if (sep === '/') return mode & 0o7777
  return isDirectory ? 0o755 : (mode & 0o777) | 0o111
}

/** A path with the separators of archives. */
export function slashed(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/')
}
