import { BAG_INFO, BAGIT, CRATE, INDEX, MANIFEST, mayFollow, README, sectionOf, TAG_MANIFEST } from '../bag/layout.ts'
import { caseless, isBaseName, nameProblem } from '../bag/names.ts'
import { refused } from '../problem.ts'
import type { Limits, Member } from '../types.ts'
import type { PackFile } from './file.ts'
import { membersIn } from './headers.ts'

const REQUIRED = [BAGIT, README, INDEX, CRATE, BAG_INFO, MANIFEST, TAG_MANIFEST]
const DEEPEST = 100

export interface Structure {
  base: string
  /** In the file's order, with their paths below the base folder. */
  members: readonly Member[]
  byPath: ReadonlyMap<string, Member>
}

/** Reads all headers: names are safe, in the order of the format, none is there twice, and none that a pack must have is missing. */
export async function readStructure(file: PackFile, limits: Limits, signal: AbortSignal): Promise<Structure> {
  const building = new Building(limits.members)
  for await (const member of membersIn(file)) {
    signal.throwIfAborted()
    building.add(member)
  }
  return building.whole()
}

class Building {
  #base: string | undefined
  readonly #byPath = new Map<string, Member>()
  readonly #names = new NamesOnDisk()
  #previous: string | undefined

  constructor(readonly most: number) {}

  add(member: Member): void {
    const path = this.#withoutBase(member.path)
    const problem = nameProblem(path) ?? this.#problem(path)
    if (problem !== undefined) throw refused(problem, path)
    if (this.#byPath.size >= this.most) throw refused(`the pack has more than ${this.most} members`)
    this.#byPath.set(path, { ...member, path })
    this.#previous = path
  }

  whole(): Structure {
    const missing = REQUIRED.find((path) => !this.#byPath.has(path))
    if (missing !== undefined) throw refused('it is missing: the pack is not whole', missing)
    return { base: this.#base ?? '', members: [...this.#byPath.values()], byPath: this.#byPath }
  }

  #withoutBase(path: string): string {
    const cut = path.indexOf('/')
    if (this.#base === undefined) {
      const base = path.slice(0, Math.max(0, cut))
      if (!isBaseName(base) || path !== `${base}/${BAGIT}`) throw refused('this is not a pack', path)
      this.#base = base
    }
    if (!path.startsWith(`${this.#base}/`)) throw refused(`it is not in the folder "${this.#base}"`, path)
    return path.slice(cut + 1)
  }

  #problem(path: string): string | undefined {
    if (this.#byPath.has(path)) return 'there are two members of this name'
    if (sectionOf(path) === undefined) return 'a pack has no such member'
    if (this.#previous !== undefined && !mayFollow(path, this.#previous))
      return `the members are not in order: it must not follow "${this.#previous}"`
    return this.#names.problemOf(path)
  }
}

/** Names on a file system that ignores case. */
class NamesOnDisk {
  readonly #files = new Set<string>()
  readonly #folders = new Set<string>()

  problemOf(path: string): string | undefined {
    const name = caseless(path)
    const parts = name.split('/')
    if (parts.length > DEEPEST) return 'it lies in too many folders'
    const parents = parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('/'))
    if (this.#files.has(name) || this.#folders.has(name) || parents.some((each) => this.#files.has(each)))
      return 'another member has this name, or that of its folder, on a system that ignores case'
    this.#files.add(name)
    for (const each of parents) this.#folders.add(each)
    return undefined
  }
}
