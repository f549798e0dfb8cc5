import { isDeepStrictEqual } from 'node:util'
import { plainPath } from './bag/content-hash.ts'
import { BLOBS, CRATE, IMAGE_FILES, INDEX } from './bag/layout.ts'
import type { Sum } from './bag/lists.ts'
import type { PackIndex } from './types.ts'

/** What two packs are compared by: no content is read. */
export interface Comparable {
  index: PackIndex
  /** The checksums that `manifest-sha256.txt` lists. */
  sums: readonly Sum[]
}

export interface PackDifference {
  /** `image mysql:8`, or a path. */
  what: string
  kind: 'added' | 'removed' | 'changed'
}

/** In which contents two packs differ, sorted. Compression does not count, nor does what only describes other contents. */
export function packDifferences(one: Comparable, other: Comparable): PackDifference[] {
  if (one.index.content === other.index.content && isDeepStrictEqual(factsOf(one.index), factsOf(other.index)))
    return []
  const [before, after] = [contentsOf(one), contentsOf(other)]
  const names = [...new Set([...before.keys(), ...after.keys()])].sort()
  return names.flatMap((what): PackDifference[] => {
    if (before.get(what) === after.get(what)) return []
    if (!before.has(what)) return [{ what, kind: 'added' }]
    return [{ what, kind: after.has(what) ? 'changed' : 'removed' }]
  })
}

function contentsOf({ index, sums }: Comparable): Map<string, string> {
  const compressed = new Map(index.compressed.map(({ path, sha256 }) => [`data/${path}`, sha256]))
  const files = sums
    .filter(({ path }) => path !== INDEX && path !== CRATE && !path.startsWith(BLOBS) && !IMAGE_FILES.includes(path))
    .map(({ path, sha256 }): [string, string] => {
      const plain = compressed.get(path)
      return [(plain ? plainPath(path) : path).slice('data/'.length), plain ?? sha256]
    })
  const images = index.images.flatMap(({ names, services, contentId }) =>
    (names.length > 0 ? names : [`of ${services.join(', ')}`]).map((name): [string, string] => [
      `image ${name}`,
      contentId,
    ]),
  )
  return new Map([...files, ...images, ...Object.entries(factsOf(index))])
}

/** Facts about a pack that are not contents, as texts. */
function factsOf({ platform, services, leftOut, secrets }: PackIndex): Record<string, string> {
  return {
    platform,
    services: services.join(', '),
    'parts left out': leftOut.join('; '),
    secrets: secrets.map(({ name }) => name).join(', '),
  }
}
