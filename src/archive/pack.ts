import { constants, type Stats } from 'node:fs'
import { lstat, open, readdir, readlink, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { padding, type TarEntry, tarEnd, tarHeader } from './tar.ts'

const CHUNK = 256 * 1024

export interface PackOptions {
  /** What the source itself is called in the archive; empty where only what is in the folder is meant. */
  name: string
  /** What lies in a source without a name is packed below this path instead of at the root. */
  prefix?: string
  /** If the source is a link, what it leads to. */
  follow?: boolean
  /** Owner of all entries, instead of their own. */
  owner?: { uid: number; gid: number }
  /** The source alone: of a folder not what is in it. */
  shallow?: boolean
  /** What of a folder is packed, by absolute path: `descend` means not the path itself, but what may be below it. */
  verdict?(path: string): 'kept' | 'ignored' | 'descend'
  /** Called with what is left out: sockets, pipes, devices. */
  onLeftOut?(path: string): void
}

/**
 * A file, link or folder of this machine as a tar archive, with owners, permission bits and times in whole seconds, as it is read: in the order of
 * names, folders before what is in them. Files with several names become hard links. Sockets, pipes and devices are left out.
 */
export async function* packTree(source: string, options: PackOptions): AsyncGenerator<Uint8Array> {
  yield* packEntries(source, options)
  yield tarEnd()
}

/** The same without the end of the archive. */
export async function* packEntries(source: string, options: PackOptions): AsyncGenerator<Uint8Array> {
  const info = await (options.follow ? stat : lstat)(source)
  const isKept = (path: string) => path === source || (options.verdict?.(path) ?? 'kept') === 'kept'
  yield* pack(source, options.name, info, { options, isKept, seen: new Map() })
}

interface Packing {
  options: PackOptions
  isKept(path: string): boolean
  /** Paths of files that may come up again under another name, by device and inode. */
  seen: Map<string, string>
}

async function* pack(file: string, path: string, info: Stats, packing: Packing): AsyncGenerator<Uint8Array> {
  const common = { path, mode: modeOf(info), mtime: info.mtimeMs / 1000, ...(packing.options.owner ?? ownerOf(info)) }
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
  // Engines lose the bits that change the user of a program when they make a hard link.
  const earlier = (info.mode & 0o6000) === 0 && sep === '/' ? seen.get(key) : undefined
  if (earlier !== undefined) {
    yield tarHeader({ ...common, type: 'link', linkTarget: earlier })
    return
  }
  if (info.nlink > 1) seen.set(key, common.path)
  yield* contentOf(file, { ...common, type: 'file', size: info.size })
}

/** A file that changes while it is read is sent with the length that its header has. */
async function* contentOf(file: string, header: TarEntry & { size: number }): AsyncGenerator<Uint8Array> {
  // What has become a pipe meanwhile must not block.
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

/** Windows knows no owners. */
function ownerOf({ uid, gid }: Stats): { uid: number; gid: number } {
  return sep === '/' ? { uid, gid } : { uid: 0, gid: 0 }
}

/** Windows has no bit that makes a file executable: there, every file counts as one. */
function modeOf(info: Stats): number {
  if (sep === '/') return info.mode & 0o7777
  return info.isDirectory() ? 0o755 : (info.mode & 0o777) | 0o111
}

function slashed(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/')
}
