import { join } from 'node:path'
import type { PackIndex } from '../../../pack/types.ts'

/** Where the parts of a pack lie once it is unpacked. Absolute paths. */
export interface Places {
  /** The folder that is written beside the destination, and renamed at the end. It belongs to unpacking, with all in it. */
  staging: string
  /** What becomes the destination. */
  root: string
  /** The folder of the stack file, in the root. */
  stack: string
  /** Folders that the stack file names by a path, by their path in the pack: `outside/1`. */
  outside: ReadonlyMap<string, string>
  /** Those of them whose path is absolute: the stack file finds them elsewhere. */
  astray: readonly { path: string; source: string }[]
}

/**
 * A stack that reads `../data` lies in a folder of the destination, so that `../data` is inside the destination too: nothing is ever
 * written beside it.
 */
export function placesFor(parent: string, base: string, { name, folders }: PackIndex): Places {
  const staging = join(parent, `.flotilla-unpacking-${base}`)
  const root = join(staging, base)
  const relative = folders.filter(({ source }) => !isAbsolute(source))
  const depth = Math.max(0, ...relative.map(({ source }) => stepsUp(source)))
  const stack = join(root, ...Array<string>(depth).fill(name))
  const outside = folders.map(({ path, source }) => {
    const place = isAbsolute(source) ? join(root, path) : join(stack, source)
    return [path, place] as const
  })
  const astray = folders.filter(({ source }) => isAbsolute(source))
  return { staging, root, stack, outside: new Map(outside), astray }
}

/** On any system. */
function isAbsolute(path: string): boolean {
  return /^(?:[/\\~]|[A-Za-z]:)/.test(path)
}

/** How far a path leads up at most. */
function stepsUp(path: string): number {
  let depth = 0
  let most = 0
  for (const part of path.split(/[/\\]/)) {
    if (part === '..') most = Math.max(most, ++depth)
    else if (part !== '' && part !== '.') depth--
  }
  return most
}

/** The place of a file below `stack/` or `outside/N/`; undefined for other members. */
export function placeOf({ stack, outside }: Places, path: string): string | undefined {
  const [section = '', second = '', ...rest] = path.split('/')
  if (section === 'stack') return join(stack, second, ...rest)
  const folder = section === 'outside' ? outside.get(`outside/${second}`) : undefined
  return folder === undefined ? undefined : join(folder, ...rest)
}
