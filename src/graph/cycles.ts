import { componentsOf, type Needs } from './components.ts'

/** The maximum number of cycles per group; finding each one searches the whole group. */
const MOST_IN_GROUP = 100

/** Cycles without a common key, at least one in every group of interdependent keys, each starting with its smallest key. */
export function cyclesOf<K extends string>(keys: readonly K[], needs: Needs<K>): K[][] {
  const found = componentsOf(new Set(keys), needs).flatMap((group) => cyclesIn(group, needs))
  return found.sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
}

function cyclesIn<K extends string>(group: Set<K>, needs: Needs<K>): K[][] {
  const found: K[][] = []
  const open = [group]
  for (let left = open.pop(); left && found.length < MOST_IN_GROUP; left = open.pop()) {
    const cycle = wayBack(smallest(left), left, needs)
    found.push(cycle)
    for (const key of cycle) left.delete(key)
    open.push(...componentsOf(left, needs))
  }
  return found
}

function smallest<K extends string>(keys: Iterable<K>): K {
  return [...keys].reduce((least, key) => (key < least ? key : least))
}

/** The shortest path from a key back to itself within a group of interdependent keys. */
function wayBack<K>(start: K, among: ReadonlySet<K>, needs: Needs<K>): K[] {
  const cameFrom = new Map<K, K>()
  const open: K[] = [start]
  for (const key of open) {
    for (const next of needs(key)) {
      if (next === start) return trail(cameFrom, start, key)
      if (cameFrom.has(next) || !among.has(next)) continue
      cameFrom.set(next, key)
      open.push(next)
    }
  }
  return []
}

function trail<K>(cameFrom: ReadonlyMap<K, K>, start: K, end: K): K[] {
  const path: K[] = []
  for (let key: K | undefined = end; key !== undefined && key !== start; key = cameFrom.get(key)) path.push(key)
  return [start, ...path.reverse()]
}
