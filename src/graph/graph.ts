import { cyclesOf } from './cycles.ts'

/**
 * A directed graph of keys: an edge leads from a key to one that it needs. Immutable; knows nothing of containers.
 * Every walk visits keys in sorted order, so results never depend on the order of insertion.
 */
export class Graph<K extends string> {
  readonly #needs: ReadonlyMap<K, readonly K[]>

  /** Edges to keys that are no nodes are dropped. */
  constructor(needs: Iterable<readonly [K, Iterable<K>]>) {
    const all = new Map([...needs].map(([key, targets]) => [key, [...targets]] as const))
    const nodes = [...all].sort(([a], [b]) => (a < b ? -1 : 1))
    this.#needs = new Map(nodes.map(([key, targets]) => [key, [...new Set(targets)].filter((t) => all.has(t)).sort()]))
  }

  get keys(): K[] {
    return [...this.#needs.keys()]
  }

  /** What a key needs directly. */
  needs(key: K): readonly K[] {
    return this.#needs.get(key) ?? []
  }

  /** The same keys with every edge turned round. */
  reversed(): Graph<K> {
    const turned = new Map<K, K[]>(this.keys.map((key) => [key, []]))
    for (const [key, targets] of this.#needs) for (const target of targets) turned.get(target)?.push(key)
    return new Graph(turned)
  }

  /** The given keys and everything they need, directly or not. */
  closure(from: Iterable<K>): Set<K> {
    const reached = new Set<K>()
    const open = [...from].filter((key) => this.#needs.has(key))
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      if (reached.has(key)) continue
      reached.add(key)
      open.push(...this.needs(key))
    }
    return reached
  }

  /** Keys in layers: each needs only keys of the layers before it. Keys on a cycle, or behind one, are in none. Linear. */
  layers(): K[][] {
    const missing = new Map(this.keys.map((key) => [key, this.needs(key).length]))
    const dependents = this.reversed()
    const layers: K[][] = []
    let layer = this.keys.filter((key) => missing.get(key) === 0)
    while (layer.length > 0) {
      layers.push(layer)
      layer = layer.flatMap((key) => dependents.needs(key).filter((each) => settleOne(missing, each))).sort()
    }
    return layers
  }

  /** Needed ones first. */
  order(): K[] {
    return this.layers().flat()
  }

  /**
   * Cycles that share no key, at least one for every group of keys that need each other, each as the keys in order of need, first key
   * smallest.
   */
  cycles(): K[][] {
    return cyclesOf(this.keys, (key) => this.needs(key))
  }
}

/** Counts one need as met; true when that was the last. */
function settleOne<K>(missing: Map<K, number>, key: K): boolean {
  const left = (missing.get(key) ?? 0) - 1
  missing.set(key, left)
  return left === 0
}
