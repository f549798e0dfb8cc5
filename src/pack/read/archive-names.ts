import { posix } from 'node:path'
import { ArchiveError, type ReadEntry, readTar } from '../../archive/read-tar.ts'
import { refused } from '../problem.ts'
import type { Bytes } from '../types.ts'

const MOST_ENTRIES = 10_000_000

/**
 * Reads an archive that is a member: a volume's (`volumes/`), or files of the stack (`files/`). Everything in it lies below one root, below folders
 * of the archive itself. There are no devices; links of files do not lead out of the root, those of volumes may: only containers follow them.
 */
export async function checkArchive(archive: Bytes, path: string): Promise<void> {
  const names = new ArchiveNames(
    path.startsWith('data/volumes/') ? 'volume' : rootOf(path),
    path.startsWith('data/files/'),
  )
  let entries = 0
  try {
    for await (const entry of readTar(archive)) {
      if (++entries > MOST_ENTRIES) throw refused(`its archive has more than ${MOST_ENTRIES} entries`, path)
      const problem = names.problemOf(entry)
      if (problem) throw refused(`in its archive, ${JSON.stringify(entry.path)} ${problem}`, path)
      // Skipping would not notice that it ends too early.
      for await (const _ of entry.content);
    }
  } catch (thrown) {
    throw thrown instanceof ArchiveError ? refused(thrown.message, path) : thrown
  }
}

/** `data/files/outside/1.tar.gz` holds what belongs to `data/outside/1/`, below `1/`. */
function rootOf(path: string): string {
  return posix.basename(path).replace(/\.tar(?:\.gz)?$/, '')
}

class ArchiveNames {
  /** Folders of the archive, and, as links lead anywhere, everything else. */
  readonly #folders = new Set<string>()
  readonly #others = new Set<string>()

  constructor(
    readonly root: string,
    readonly holdsLinksIn: boolean,
  ) {}

  problemOf(entry: ReadEntry): string | undefined {
    const path = entry.path.replace(/\/$/, '')
    if (entry.path.includes('\0') || !isPlain(path)) return 'leads to another folder'
    if (path !== this.root && !path.startsWith(`${this.root}/`)) return `is not below "${this.root}"`
    if (path !== this.root && !this.#folders.has(posix.dirname(path))) return 'is not in a folder of the archive'
    if (entry.type === 'other' && !this.#isPipe(entry)) return 'is a device'
    return this.#claim(path, entry) ?? this.#linkProblem(path, entry)
  }

  #isPipe(entry: ReadEntry): boolean {
    return !this.holdsLinksIn && entry.typeFlag === '6'
  }

  #claim(path: string, { type }: ReadEntry): string | undefined {
    if (this.#folders.has(path) || this.#others.has(path)) return 'is there twice'
    if (type === 'directory') this.#folders.add(path)
    else this.#others.add(path)
    return undefined
  }

  #linkProblem(path: string, { type, linkTarget }: ReadEntry): string | undefined {
    if (type === 'link')
      return this.#others.has(linkTarget) && linkTarget !== path ? undefined : 'is a hard link to nothing before it'
    if (type !== 'symlink' || !this.holdsLinksIn) return undefined
    return this.#isInside(posix.dirname(path), linkTarget)
      ? undefined
      : `is a link out of the folder, to ${JSON.stringify(linkTarget)}`
  }

  /** A `..` after another name may leave a folder that a link led to: only those at the beginning lead where they seem to. */
  #isInside(folder: string, target: string): boolean {
    const end = posix.join(folder, target)
    const [, ...later] = target.replace(/^(?:\.{1,2}(?:\/+|$))+/, './').split('/')
    const isDirect = !target.startsWith('/') && !later.includes('..')
    return isDirect && (end === this.root || end.startsWith(`${this.root}/`))
  }
}

function isPlain(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}
