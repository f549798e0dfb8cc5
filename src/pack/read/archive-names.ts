import { posix } from 'node:path'
import { checkedTar } from '../../archive/checked-tar.ts'
import { ArchiveError, type ReadEntry, readTar } from '../../archive/read-tar.ts'
import { refused } from '../problem.ts'
import type { Bytes } from '../types.ts'

/**
 * Reads an archive that is a member: a volume's (`volumes/`), or files of the stack (`files/`). Unpacking it writes nothing outside its root, and
 * makes no device. Links in a volume may lead anywhere: only containers follow them. Those among files stay below the root.
 */
export async function checkArchive(archive: Bytes, path: string): Promise<void> {
  try {
    if (path.startsWith('data/files/')) await checkFiles(archive, path)
    else for await (const _ of checkedTar(archive, 'volume'));
  } catch (thrown) {
    throw thrown instanceof ArchiveError ? refused(thrown.message, path) : thrown
  }
}

async function checkFiles(archive: Bytes, path: string): Promise<void> {
  const names = new FileNames(rootOf(path))
  for await (const entry of readTar(checkedTar(archive, names.root))) {
    const problem = names.problemOf(entry)
    if (problem) throw refused(`in its archive, ${JSON.stringify(entry.path)} ${problem}`, path)
    // Skipping would not notice that it ends too early.
    for await (const _ of entry.content);
  }
}

/** `data/files/outside/1.tar.gz` holds what belongs to `data/outside/1/`, below `1/`. */
function rootOf(path: string): string {
  return posix.basename(path).replace(/\.tar(?:\.gz)?$/, '')
}

class FileNames {
  readonly #seen = new Set<string>()

  constructor(readonly root: string) {}

  problemOf(entry: ReadEntry): string | undefined {
    const path = entry.path.replace(/\/$/, '')
    if (this.#seen.has(path)) return 'is there twice'
    const links = entry.type === 'link' && !this.#seen.has(entry.linkTarget)
    this.#seen.add(path)
    if (links) return 'is a hard link to nothing before it'
    if (entry.type === 'other') return 'is a pipe'
    if (entry.type !== 'symlink' || this.#isInside(posix.dirname(path), entry.linkTarget)) return undefined
    return `is a link out of the folder, to ${JSON.stringify(entry.linkTarget)}`
  }

  /** A `..` after another name may leave a folder that a link led to: only those at the beginning lead where they seem to. */
  #isInside(folder: string, target: string): boolean {
    const end = posix.join(folder, target)
    const [, ...later] = target.replace(/^(?:\.{1,2}(?:\/+|$))+/, './').split('/')
    const isDirect = !target.startsWith('/') && !later.includes('..')
    return isDirect && (end === this.root || end.startsWith(`${this.root}/`))
  }
}
