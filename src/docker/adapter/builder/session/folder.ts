import { createHash } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { lstat, open, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { modeOf, slashed } from '../../../../archive/pack.ts'

/** The part of a directory that a builder may read. */
export interface Folder {
  /** Parents before their content, sorted by name, bytewise. */
  entries(): AsyncIterable<FolderEntry>
}

export interface FolderEntry {
  /** Relative, with slashes. */
  path: string
  type: 'file' | 'directory' | 'symlink'
  /** Permission bits. */
  mode: number
  size: number
  /** Nanoseconds since the epoch. */
  modified: bigint
  linkTarget?: string
  content(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

export interface Filter {
  ignores(path: string): boolean
  /** Whether an excluded folder may contain something that is included. */
  mayKeepBelow(folder: string): boolean
}

/** A directory on disk, without the files that the filter excludes. Sockets, pipes and devices do not belong in an image. */
export function diskFolder(root: string, filter: Filter): Folder {
  return { entries: () => walk(root, '', filter) }
}

/** Virtual files by name. The same text counts as the same file; a different text counts as a changed file. */
export function textFolder(texts: Record<string, string>): Folder {
  const entries = Object.entries(texts).map(([path, text]): FolderEntry => {
    const content = Buffer.from(text)
    const modified = createHash('sha256').update(content).digest().readUInt32BE(0) >>> 1
    return {
      path,
      type: 'file',
      mode: 0o644,
      size: content.length,
      modified: BigInt(modified) * 1_000_000_000n,
      content: () => [content],
    }
  })
  const inOrder = entries.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))
  return {
    async *entries() {
      yield* inOrder
    },
  }
}

async function* walk(root: string, folder: string, filter: Filter): AsyncGenerator<FolderEntry> {
  const children = await readdir(join(root, folder), { withFileTypes: true })
  for (const child of children.sort(byName)) {
    const path = folder ? `${folder}/${child.name}` : child.name
    const sent = !filter.ignores(path)
    if (!sent && !(child.isDirectory() && filter.mayKeepBelow(path))) continue
    const entry = await entryAt(root, path)
    if (!entry) continue
    yield entry
    if (entry.type === 'directory') yield* walk(root, path, filter)
  }
}

function byName(a: Dirent, b: Dirent): number {
  return Buffer.compare(Buffer.from(a.name), Buffer.from(b.name))
}

async function entryAt(root: string, path: string): Promise<FolderEntry | undefined> {
  const file = join(root, path)
  const info = await lstat(file, { bigint: true })
  const type = info.isDirectory() ? 'directory' : info.isSymbolicLink() ? 'symlink' : 'file'
  if (type === 'file' && !info.isFile()) return undefined
  const size = Number(info.size)
  return {
    path,
    type,
    mode: modeOf(Number(info.mode), type === 'directory'),
    size,
    modified: info.mtimeNs,
    ...(type === 'symlink' && { linkTarget: slashed(await readlink(file)) }),
    content: () => contentOf(file),
  }
}

const CHUNK = 32 * 1024

async function* contentOf(file: string): AsyncGenerator<Uint8Array> {
  const handle = await open(file)
  try {
    for (;;) {
      const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(CHUNK) })
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}
