import { posix } from 'node:path'
import type { HostPorts } from './ports.ts'

/** Resources that two containers cannot hold at once. */
export interface Holdings {
  ports: HostPorts[]
  /** Volumes and directories that are written to; services share them only if both declare them. */
  places: string[]
  /** Static addresses, by network. */
  addresses: string[]
}

/** Claims by what they claim, to be searched for each of many containers. */
export class ClaimIndex<T extends Holdings> {
  readonly #byKey = new Map<string, Set<T>>()
  readonly #ranges = new Set<T>()
  readonly #order: ReadonlyMap<T, number>

  constructor(claims: readonly T[]) {
    this.#order = new Map([...claims.entries()].map(([at, claim]) => [claim, at]))
    for (const claim of claims) this.#add(claim)
  }

  /** Those that may collide with what is held, in their order, and perhaps others; for places that are kept nobody has to wait. */
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

function isRange({ from, to }: HostPorts): boolean {
  return to > from
}

function keyOfPort({ protocol, from }: HostPorts): string {
  return `port ${protocol} ${from}`
}

function keyOfAddress(address: string): string {
  return `address ${address}`
}

/** A directory is found from itself and those in it (`in`), and from those around it (`around`). */
function keysToKeep(place: string): string[] {
  return [`in ${bare(place)}`, ...around(place).map((each) => `around ${each}`)]
}

function keysToFind(place: string): string[] {
  return [`around ${bare(place)}`, ...around(place).map((each) => `in ${each}`), `in ${bare(place)}`]
}

function bare(place: string): string {
  return place.startsWith('/') ? posix.join(place, '/') : place
}

/** The directories that a directory lies in; none of a volume. */
function around(place: string): string[] {
  const path = bare(place)
  return path.startsWith('/') ? [...path.slice(0, -1).matchAll(/\//g)].map(({ index }) => path.slice(0, index + 1)) : []
}
