import { posix } from 'node:path'

/** What is copied. */
export interface Source {
  /** What it is called in a folder that it is copied into; empty where only what lies in it is copied (`folder/.`). */
  name: string
  isDirectory: boolean
}

/** Where it is copied to: a path with slashes, and what lies there, links followed. */
export interface Destination {
  path: string
  there: 'directory' | 'other' | undefined
}

export type Place = { directory: string; name: string } | { problem: string }

/**
 * Where a copy lies, by the rules of `docker cp` (https://docs.docker.com/reference/cli/docker/container/cp/#description): in a folder that is
 * there, under its own name; else under the name that the destination ends with, which must not end with a slash for a file.
 */
export function placeFor({ name, isDirectory }: Source, { path, there }: Destination): Place {
  if (there === 'directory') return { directory: path, name }
  if (there === 'other' && isDirectory) return { problem: 'is a file, and a folder cannot be copied over it' }
  const wantsFolder = /\/\.?$/.test(path)
  if (there === 'other' && wantsFolder) return { problem: 'is a file, not a folder' }
  if (wantsFolder && (!isDirectory || path.endsWith('/.'))) return { problem: 'is not an existing folder' }
  return { directory: posix.dirname(path), name: posix.basename(path) }
}

/** The name of a source by its path: none for `/`, `.`, `folder/.`. */
export function nameIn(path: string): string {
  if (/(^|\/)\.\/?$/.test(path)) return ''
  const name = posix.basename(path)
  return name === '..' ? '' : name
}
