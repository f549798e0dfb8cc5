import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { withParents } from '../../../../archive/ignore.ts'
import { parseIgnore } from '../ignore.ts'
import type { Filter } from './folder.ts'

/** The patterns by which the builder requests files of a directory; no patterns means everything. */
export interface Wanted {
  include: string[]
  exclude: string[]
  /** The paths that the Dockerfile copies: only these, and the targets of symbolic links in them, are needed. */
  follow: string[]
}

export async function filterFor(root: string, { include, exclude, follow }: Wanted): Promise<Filter> {
  const needed = [...include, ...((await leadsNowhere(root, follow)) ? follow.map(clean) : [])]
  const excluded = parseIgnore(exclude.join('\n'))
  if (needed.length === 0 || needed.includes('')) return excluded
  // Exclude everything else.
  const included = parseIgnore(['**', ...needed.map((each) => `!${each}`)].join('\n'))
  return {
    ignores: (path) => included.ignores(path) || excluded.ignores(path),
    mayKeepBelow: (folder) =>
      (!included.ignores(folder) || included.mayKeepBelow(folder)) &&
      (!excluded.ignores(folder) || excluded.mayKeepBelow(folder)),
  }
}

/** Whether the paths to the followed files are free of symbolic links. If not, everything is sent, since more files may be needed. */
async function leadsNowhere(root: string, follow: string[]): Promise<boolean> {
  const steps = new Set(follow.flatMap((path) => withParents(clean(path))))
  if ([...steps].some((path) => /[*?[\\]/.test(path))) return false
  const links = await Promise.all([...steps].map((path) => isLink(join(root, path))))
  return !links.includes(true)
}

function clean(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
}

async function isLink(file: string): Promise<boolean> {
  return lstat(file).then(
    (info) => info.isSymbolicLink(),
    () => false,
  )
}
