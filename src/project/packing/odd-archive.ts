import { lstat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileEntry, modeOf, slashed } from '../../archive/pack.ts'
import { padding, type TarEntry, tarEnd, tarHeader } from '../../archive/tar.ts'
import { stackPlace } from '../../pack/bag/layout.ts'
import type { Bytes } from '../../pack/types.ts'
import type { Found, Kept } from './walk.ts'

/** An archive with the root `stack/` of what cannot be members, with owners and permissions; times are 0. */
export async function* oddArchive(directory: string, odd: readonly Kept[]): Bytes & AsyncGenerator<Uint8Array> {
  const seen = new Set<string>()
  for (const found of odd) {
    for (const parent of ['.', ...parentsOf(found.name)]) yield* folder(directory, parent, seen)
    if (found.stats.isDirectory()) yield* folder(directory, found.name, seen)
    else if (found.target !== undefined)
      yield tarHeader({ ...headerOf(found), type: 'symlink', linkTarget: slashed(found.target) })
    else if (found.text !== undefined) yield* textEntry(found, Buffer.from(found.text))
    else yield* fileEntry(found.path, { ...headerOf(found), type: 'file', size: found.stats.size })
  }
  yield tarEnd()
}

async function* folder(directory: string, name: string, seen: Set<string>): AsyncGenerator<Uint8Array> {
  if (seen.has(name)) return
  seen.add(name)
  const path = join(directory, name)
  yield tarHeader({ ...headerOf({ path, name, stats: await lstat(path) }), type: 'directory' })
}

function* textEntry(found: Found, content: Buffer): Generator<Uint8Array> {
  yield tarHeader({ ...headerOf(found), type: 'file', size: content.length })
  yield content
  yield padding(content.length)
}

function headerOf({ name, stats }: Found): Omit<TarEntry, 'type'> {
  const path = name === '.' ? stackPlace() : stackPlace(slashed(name))
  return { path, mode: modeOf(stats.mode, stats.isDirectory()), uid: stats.uid, gid: stats.gid, mtime: 0 }
}

function parentsOf(name: string): string[] {
  const parent = dirname(name)
  return parent === '.' ? [] : [...parentsOf(parent), parent]
}
