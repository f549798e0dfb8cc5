/**
 * A graph to which edges are added as long as they close no cycle. It keeps an order in which every key comes after the keys that it
 * needs: an edge along this order needs no search, and any other only one among the keys between its ends, which then change places
 * (Pearce and Kelly, "A dynamic topological sort algorithm for directed acyclic graphs", 2007).
 */
export class Acyclic<K> {
  readonly #needs = new Map<K, K[]>()
  readonly #neededBy = new Map<K, K[]>()
  readonly #rank = new Map<K, number>()

  /** @param ordered the keys with those that they need, each after these */
  constructor(ordered: Iterable<readonly [K, Iterable<K>]>) {
    for (const [key, needs] of ordered) {
      this.#rank.set(key, this.#rank.size)
      for (const each of needs) this.#connect(key, each)
    }
  }

  /** Returns false, and changes nothing, if the edge would close a cycle. */
  add(key: K, needed: K): boolean {
    if (this.#rankOf(needed) >= this.#rankOf(key)) {
      const later = this.#reached(key, this.#neededBy, (rank) => rank <= this.#rankOf(needed))
      if (later.has(needed)) return false
      this.#reorder(
        later,
        this.#reached(needed, this.#needs, (rank) => rank >= this.#rankOf(key)),
      )
    }
    this.#connect(key, needed)
    return true
  }

  #connect(key: K, needed: K): void {
    addTo(this.#needs, key, needed)
    addTo(this.#neededBy, needed, key)
  }

  #rankOf(key: K): number {
    return this.#rank.get(key) ?? 0
  }

  #reached(from: K, edges: ReadonlyMap<K, readonly K[]>, isBetween: (rank: number) => boolean): Set<K> {
    const reached = new Set<K>()
    const open = [from]
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      if (reached.has(key) || !isBetween(this.#rankOf(key))) continue
      reached.add(key)
      for (const each of edges.get(key) ?? []) open.push(each)
    }
    return reached
  }

  /** Distributes the ranks of both sets again: first to the earlier keys, then to the later ones, each in their present order. */
  #reorder(later: ReadonlySet<K>, earlier: ReadonlySet<K>): void {
    const byRank = (keys: ReadonlySet<K>) => [...keys].sort((a, b) => this.#rankOf(a) - this.#rankOf(b))
    const keys = [...byRank(earlier), ...byRank(later)]
    const ranks = keys.map((key) => this.#rankOf(key)).sort((a, b) => a - b)
    for (const [at, key] of keys.entries()) this.#rank.set(key, ranks[at] ?? 0)
  }
}

function addTo<K>(edges: Map<K, K[]>, from: K, to: K): void {
  const known = edges.get(from)
  if (known) known.push(to)
  else edges.set(from, [to])
}
