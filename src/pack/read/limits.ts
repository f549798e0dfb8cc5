import { refused } from '../problem.ts'
import type { Limits, PackIndex } from '../types.ts'
import type { Structure } from './structure.ts'

const GIB = 1024 ** 3

export const LIMITS: Limits = {
  // Each costs about 3 KiB of memory.
  members: 25_000,
  total: 64 * 1024 * GIB,
  // Zeros become a thousandth with gzip, and databases preallocate files of them; a whole pack does not consist of that.
  ratio: 64,
  text: 32 * 1024 * 1024,
}
/** What a pack may hold whatever its own size is. */
const FREE = 10 * GIB

/** Bytes of all contents, uncompressed. The reader holds each member to what is declared. */
export function declaredTotal({ members }: Pick<Structure, 'members'>, { compressed }: PackIndex): number {
  const plain = new Map(compressed.map(({ path, size }) => [`data/${path}`, size]))
  return members.reduce((total, { path, size }) => total + (plain.get(path) ?? size), 0)
}

/** Refuses a pack that declares more than its limits, before any content is read. */
export function checkTotals(
  structure: Structure,
  index: PackIndex,
  { size, limits }: { size: number; limits: Limits },
): void {
  const total = declaredTotal(structure, index)
  if (total > limits.total)
    throw refused(`its contents would be ${total} bytes, more than the limit of ${limits.total}`)
  if (total > limits.ratio * size + FREE)
    throw refused(`its contents would be ${total} bytes, ${Math.round(total / size)} times the size of the file`)
}
