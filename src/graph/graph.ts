import { cyclesOf } from './cycles.ts'

/**
 * A directed graph of keys: an edge leads from a key to one of its dependencies. Immutable and independent of containers. Every
 * traversal visits keys in sorted order, so results never depend on the order of insertion.
 */
export class Graph<K extends string> {
  readonly #needs: ReadonlyMap<K, readonly K[]>

  /** Drops edges to keys that are not nodes. */
  constructor(needs: Iterable<readonly [K, Iterable<K>]>) {
    const all = new Map([...needs].map(([key, targets]) => [key, [...targets]] as const))
    const nodes = [...all].sort(([a], [b]) => (a < b ? -1 : 1))
    this.#needs = new Map(nodes.map(([key, targets]) => [key, [...new Set(targets)].filter((t) => all.has(t)).sort()]))
  }

  get keys(): K[] {
    return [...this.#needs.keys()]
  }

  /** A key's direct dependencies. */
  needs(key: K): readonly K[] {
    return this.#needs.get(key) ?? []
  }

  /** The same keys with every edge reversed. */
  reversed(): Graph<K> {
    const turned = new Map<K, K[]>(this.keys.map((key) => [key, []]))
    for (const [key, targets] of this.#needs) for (const target of targets) turned.get(target)?.push(key)
    return new Graph(turned)
  }

  /** The given keys and all their direct and indirect dependencies. */
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

  /** Keys in layers: each key depends only on keys of earlier layers. Keys on a cycle, or depending on one, are in no layer. Linear. */
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

  /** The keys, dependencies first. */
  order(): K[] {
    return this.layers().flat()
  }

  /**
   * Cycles that share no key, at least one for every group of interdependent keys; each lists its keys in order of dependency,
   * starting with the smallest.
   */
  cycles(): K[][] {
    return cyclesOf(this.keys, (key) => this.needs(key))
  }
}

/** Marks one dependency as met; returns true if it was the last. */
function settleOne<K>(missing: Map<K, number>, key: K): boolean {
  const left = (missing.get(key) ?? 0) - 1
  missing.set(key, left)
  return left === 0
}
