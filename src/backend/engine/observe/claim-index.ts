import { posix } from 'node:path'
import { type HostPorts, isRange } from './ports.ts'

/** Resources that two containers cannot hold at the same time. */
export interface Holdings {
  ports: HostPorts[]
  /** Writable volumes and directories; services share them only if both declare them. */
  places: string[]
  /** Static addresses, with their networks. */
  addresses: string[]
}

/** Claims indexed by resource, for lookups by many containers. */
export class ClaimIndex<T extends Holdings> {
  readonly #byKey = new Map<string, Set<T>>()
  readonly #ranges = new Set<T>()
  readonly #order: ReadonlyMap<T, number>

  constructor(claims: readonly T[]) {
    this.#order = new Map([...claims.entries()].map(([at, claim]) => [claim, at]))
    for (const claim of claims) this.#add(claim)
  }

  /** The claims that may collide with these holdings, in order, perhaps with some that do not. `kept` places block nobody. */
  near(held: Holdings, kept: readonly string[] = []): T[] {
    const places = held.places.filter((place) => !kept.includes(place))
    const keys = [...held.ports.map(keyOfPort), ...held.addresses.map(keyOfAddress), ...places.flatMap(keysToFind)]
    const found = new Set(held.ports.length > 0 ? this.#ranges : [])
    for (const key of keys) for (const claim of this.#byKey.get(key) ?? []) found.add(claim)
    if (held.ports.some(isRange)) for (const claim of this.#order.keys()) found.add(claim)
    return [...found].sort((a, b) => (this.#order.get(a) ?? 0) - (this.#order.get(b) ?? 0))
  }

  #add(claim: T): void {
    if (claim.ports.some(isRange)) this.#ranges.add(claim)
    const { ports, addresses, places } = claim
    for (const key of [...ports.map(keyOfPort), ...addresses.map(keyOfAddress), ...places.flatMap(keysToKeep)]) {
      const claims = this.#byKey.get(key)
      if (claims) claims.add(claim)
      else this.#byKey.set(key, new Set([claim]))
    }
  }
}

function keyOfPort({ protocol, from }: HostPorts): string {
  return `port ${protocol} ${from}`
}

function keyOfAddress(address: string): string {
  return `address ${address}`
}

/** Index keys of a directory: `in` finds it from itself and from directories inside it, `around` from directories that contain it. */
function keysToKeep(place: string): string[] {
  return [`in ${bare(place)}`, ...around(place).map((each) => `around ${each}`)]
}

function keysToFind(place: string): string[] {
  return [`around ${bare(place)}`, ...around(place).map((each) => `in ${each}`), `in ${bare(place)}`]
}

function bare(place: string): string {
  return place.startsWith('/') ? posix.join(place, '/') : place
}

/** The parents of a directory; none for a volume. */
function around(place: string): string[] {
  const path = bare(place)
  return path.startsWith('/') ? [...path.slice(0, -1).matchAll(/\//g)].map(({ index }) => path.slice(0, index + 1)) : []
}
