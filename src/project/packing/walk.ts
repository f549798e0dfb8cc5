import type { Stats } from 'node:fs'
import { lstat, readdir, readlink } from 'node:fs/promises'
import { basename, dirname, join, posix, relative } from 'node:path'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import { reasonOf } from '../../diagnostics/system-error.ts'
import { caseless, nameProblem } from '../../pack/bag/names.ts'
import { MOST_FILES } from '../../pack/write/check-files.ts'
import { isSecretName } from '../locking/files.ts'
import type { Root, Roots } from './roots.ts'

/** Something below the project directory that goes into a pack. */
export interface Found {
  /** Absolute. */
  path: string
  /** Relative to the project directory, with slashes. */
  name: string
  stats: Stats
  /** Of a link. */
  target?: string
}

/** Something that was found and goes in. */
export interface Kept extends Found {
  /** What goes in instead of its content. */
  text?: string
}

export interface Walked {
  /** Files that can be members as they are. */
  files: Found[]
  /** Links, empty folders, folders and files whose owners or permissions matter, and unusual names: they travel in an archive. */
  odd: Found[]
  /** Sentences about what does not go in. */
  leftOut: string[]
}

/** With more files, all of them travel in the archive: every member costs memory and time. The lock file may be one more. */
const MOST_MEMBERS = MOST_FILES - 1
/** Of other packs, and of what is written to this one. */
const PACK = /\.flotilla\.tar(?:\.[0-9a-f]{8}\.partial)?$/

/** Finds everything below the roots that lie in the project directory. Sorted by name; reads no content. */
export async function walk(directory: string, roots: Roots, signal: AbortSignal): Promise<Walked> {
  const walking = new Walking(directory, { ...roots, owner: await lstat(directory), signal })
  for (const root of roots.all) await walking.root(root)
  return walking.result()
}

interface Rules extends Omit<Roots, 'all'> {
  /** The project directory itself: who owns what is there. */
  owner: Stats
  signal: AbortSignal
}

class Walking {
  readonly #found = new Map<string, Found & { isOdd: boolean }>()
  readonly #leftOut = new Set<string>()

  constructor(
    readonly directory: string,
    readonly rules: Rules,
  ) {}

  async root(root: Root): Promise<void> {
    const name = relative(this.directory, root.path)
    if (name === '..' || name.startsWith('../')) {
      this.#leftOut.add(`${root.shown}, which is outside of the project directory (${root.why})`)
      return
    }
    await this.#visit(root.path, root)
  }

  result(): Walked {
    const all = [...this.#found.values()].sort((one, other) => (one.name < other.name ? -1 : 1))
    const names = new Map<string, number>()
    for (const { name } of all) names.set(caseless(name), (names.get(caseless(name)) ?? 0) + 1)
    const isTooMany = all.length > MOST_MEMBERS
    const isOdd = (found: Found & { isOdd: boolean }) =>
      isTooMany || found.isOdd || (names.get(caseless(found.name)) ?? 0) > 1
    return {
      files: all.filter((found) => !isOdd(found)),
      odd: all.filter(isOdd),
      leftOut: [...this.#leftOut].sort(),
    }
  }

  async #visit(path: string, root: Root): Promise<void> {
    this.rules.signal.throwIfAborted()
    const name = relative(this.directory, path)
    const below = relative(root.path, path)
    if (this.#found.has(name) || (below !== '' && root.ignores?.(below)) || this.#isWithheld(path, name)) return
    const stats = await lstat(path).catch((cause) => unreadable(path, cause))
    const found = { path, name, stats }
    if (stats.isDirectory()) await this.#folder(found, root)
    else if (stats.isSymbolicLink()) await this.#link(found)
    else if (stats.isFile()) this.#found.set(name, { ...found, isOdd: this.#isUnusual(found) })
    else this.#leftOut.add(`./${name}, which is neither a file nor a folder`)
  }

  #isWithheld(path: string, name: string): boolean {
    if (basename(path) === '.git' || PACK.test(path) || this.rules.replaced?.has(path)) return true
    const isSecret = this.rules.secrets.has(path) || (isSecretName(name) && !this.rules.envs.has(path))
    if (isSecret) this.#leftOut.add(`./${name}, which may hold a secret`)
    return isSecret
  }

  async #folder(folder: Found, root: Root): Promise<void> {
    const names = await readdir(folder.path).catch((cause) => unreadable(folder.path, cause))
    const isOdd = names.length === 0 || this.#isUnusual(folder)
    if (folder.name !== '' && isOdd) this.#found.set(folder.name, { ...folder, isOdd: true })
    for (const name of names.sort()) await this.#visit(join(folder.path, name), root)
  }

  async #link(link: Found): Promise<void> {
    const target = await readlink(link.path).catch((cause) => unreadable(link.path, cause))
    if (leadsOut(link.name, target)) this.#leftOut.add(`./${link.name}, a link out of the project directory`)
    else this.#found.set(link.name, { ...link, target, isOdd: true })
  }

  /** Whether a member could not hold it: only its name, its content, and whether it is executable. */
  #isUnusual({ path, name, stats }: Found): boolean {
    const { owner, envs } = this.rules
    if (name !== '' && nameProblem(name) !== undefined) return true
    // Without its secrets, everybody may read it.
    if (envs.has(path)) return false
    const isForeign = stats.uid !== owner.uid || stats.gid !== owner.gid
    const needed = stats.isDirectory() ? 0o555 : 0o444
    const isPlain = (stats.mode & 0o7000) === 0 && (stats.mode & needed) === needed && (stats.mode & 0o002) === 0
    return isForeign || !isPlain
  }
}

/** As a reader of packs judges it: a `..` after another name may lead anywhere. */
function leadsOut(name: string, target: string): boolean {
  const end = posix.join(dirname(name), target)
  const [, ...later] = target.replace(/^(?:\.{1,2}(?:\/+|$))+/, './').split('/')
  return target.startsWith('/') || later.includes('..') || end === '..' || end.startsWith('../')
}

function unreadable(path: string, cause: unknown): never {
  if (!(cause instanceof Error) || !('code' in cause)) throw cause
  throw new StackError([error('file-unreadable', `${foreign(path)} cannot be read: ${reasonOf(cause)}`)])
}
