import { byBytes, sectionOf } from '../bag/layout.ts'
import { caseless, nameProblem } from '../bag/names.ts'
import { unwritable } from '../problem.ts'
import type { FileSource } from '../types.ts'

/** A reader takes no more members than this and as many layers as any stack has. */
export const MOST_FILES = 20_000
const FOLDERS = /^(?:stack|outside|files)\//

/** Files in the order of the format. Those that cannot be members, and two of one name, are mistakes of the caller. */
export function checkedFiles(files: readonly FileSource[]): FileSource[] {
  if (files.length > MOST_FILES)
    throw unwritable(`a pack has room for ${MOST_FILES} files, not for ${files.length}`, 'put them into an archive')
  const seen = new Set<string>()
  for (const { path } of files) {
    const problem = FOLDERS.test(path) ? nameProblem(path) : 'it is in none of the folders of a pack'
    if (problem) throw unwritable(`"${path}" cannot be a file of a pack: ${problem}`)
    if (seen.has(caseless(path))) throw unwritable(`two files of the pack would have the name "${path}"`)
    seen.add(caseless(path))
  }
  return [...files].sort((one, other) => placeOf(one) - placeOf(other) || byBytes(one.path, other.path))
}

function placeOf({ path }: FileSource): number {
  return sectionOf(`data/${path}`) ?? -1
}
