/** The dependencies of a key, sorted. */
export type Needs<K> = (key: K) => readonly K[]

interface Visit<K> {
  key: K
  /** The dependencies that have not been visited yet. */
  left: Iterator<K, undefined>
}

/**
 * The groups of keys that depend on each other, directly or indirectly, and single keys that depend on themselves; dependencies
 * outside the given keys do not count. Linear: Tarjan's algorithm with an explicit stack.
 */
export function componentsOf<K extends string>(keys: ReadonlySet<K>, needs: Needs<K>): Set<K>[] {
  const search = new Search(keys, needs)
  for (const key of keys) search.from(key)
  return search.groups
}

class Search<K extends string> {
  readonly groups: Set<K>[] = []
  /** The order in which a key was first visited. */
  readonly #visited = new Map<K, number>()
  /** The earliest visit that is known to be reachable from a key. */
  readonly #reaches = new Map<K, number>()
  /** Visited keys whose group is not complete. */
  readonly #open: K[] = []
  readonly #isOpen = new Set<K>()
  readonly #keys: ReadonlySet<K>
  readonly #needs: Needs<K>

  constructor(keys: ReadonlySet<K>, needs: Needs<K>) {
    this.#keys = keys
    this.#needs = needs
  }

  from(start: K): void {
    if (this.#visited.has(start)) return
    const visits = [this.#enter(start)]
    for (let visit = visits.at(-1); visit; visit = visits.at(-1)) {
      const next = visit.left.next().value
      if (next === undefined) this.#leave(visits)
      else if (this.#keys.has(next) && !this.#visited.has(next)) visits.push(this.#enter(next))
      else if (this.#isOpen.has(next)) this.#reach(visit.key, this.#visited.get(next))
    }
  }

  #enter(key: K): Visit<K> {
    this.#reaches.set(key, this.#visited.size)
    this.#visited.set(key, this.#visited.size)
    this.#open.push(key)
    this.#isOpen.add(key)
    return { key, left: this.#needs(key).values() }
  }

  #leave(visits: Visit<K>[]): void {
    const { key } = visits.pop() as Visit<K>
    const parent = visits.at(-1)
    if (parent) this.#reach(parent.key, this.#reaches.get(key))
    if (this.#reaches.get(key) === this.#visited.get(key)) this.#close(key)
  }

  #reach(key: K, visit = Infinity): void {
    this.#reaches.set(key, Math.min(this.#reaches.get(key) ?? Infinity, visit))
  }

  #close(first: K): void {
    const group = new Set(this.#open.splice(this.#open.lastIndexOf(first)))
    for (const key of group) this.#isOpen.delete(key)
    if (group.size > 1 || this.#needs(first).includes(first)) this.groups.push(group)
  }
}
