import { posix } from 'node:path'

/** The source of a copy. */
export interface Source {
  /** The name that the copy gets inside an existing folder; empty if only a folder's content is copied (`folder/.`). */
  name: string
  isDirectory: boolean
}

/** The destination of a copy: a path with slashes, and the type of an existing entry there, with links followed. */
export interface Destination {
  path: string
  there: 'directory' | 'other' | undefined
}

export type Place = { directory: string; name: string } | { problem: string }

/**
 * The path of a copy, by the rules of `docker cp` (https://docs.docker.com/reference/cli/docker/container/cp/#description): in an
 * existing folder, under the source's own name; otherwise, under the last name of the destination, which for a file must not end
 * with a slash.
 */
export function placeFor({ name, isDirectory }: Source, { path, there }: Destination): Place {
  if (there === 'directory') return { directory: path, name }
  if (there === 'other' && isDirectory) return { problem: 'is a file, and a folder cannot be copied over it' }
  const wantsFolder = /\/\.?$/.test(path)
  if (there === 'other' && wantsFolder) return { problem: 'is a file, not a folder' }
  if (wantsFolder && (!isDirectory || path.endsWith('/.'))) return { problem: 'is not an existing folder' }
  return { directory: posix.dirname(path), name: posix.basename(path) }
}

/** A source's name from its path: none for `/`, `.`, `folder/.`. */
export function nameIn(path: string): string {
  if (/(^|\/)\.\/?$/.test(path)) return ''
  const name = posix.basename(path)
  return name === '..' ? '' : name
}
