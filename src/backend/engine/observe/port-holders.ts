import { type HostPorts, isEverywhere } from './ports.ts'

interface Segment<T> {
  from: number
  to: number
  holders: T[]
}

/**
 * The last holders of host ports. A new holder of a range takes the place of those before it, so that a chain of holders with
 * overlapping ranges has one link each instead of one for each pair.
 */
export class PortHolders<T> {
  /** By protocol, then by address; the empty address stands for those that no port names. */
  readonly #segments = new Map<string, Map<string, Segment<T>[]>>()

  /** @param ports all ports that holders will have */
  constructor(ports: Iterable<HostPorts>) {
    for (const { protocol, ip } of ports) {
      const ofProtocol = this.#segments.get(protocol) ?? new Map<string, Segment<T>[]>([['', []]])
      if (!isEverywhere(ip)) ofProtocol.set(ip, [])
      this.#segments.set(protocol, ofProtocol)
    }
  }

  /** Adds a holder of a single port beside those that hold it already. */
  add(port: HostPorts, holder: T): void {
    for (const segments of this.#segmentsOf(port)) {
      const at = firstFrom(segments, port.from)
      const there = segments[at]
      if (there && there.from <= port.to) there.holders.push(holder)
      else segments.splice(at, 0, { from: port.from, to: port.to, holders: [holder] })
    }
  }

  /** Makes this the only holder of some ports. Returns those before it. */
  replace(ports: HostPorts, holder: T): T[] {
    return this.#segmentsOf(ports).flatMap((segments) => replaceIn(segments, ports, holder))
  }

  #segmentsOf({ protocol, ip }: HostPorts): Segment<T>[][] {
    const all = this.#segments.get(protocol) ?? new Map<string, Segment<T>[]>()
    return isEverywhere(ip) ? [...all.values()] : [all.get(ip) ?? []]
  }
}

function replaceIn<T>(segments: Segment<T>[], { from, to }: HostPorts, holder: T): T[] {
  const start = firstFrom(segments, from)
  let end = start
  while ((segments[end]?.from ?? Infinity) <= to) end++
  const met = segments.slice(start, end)
  const [first, last] = [met[0], met.at(-1)]
  const before = first && first.from < from ? [{ ...first, to: from - 1 }] : []
  const behind = last && last.to > to ? [{ ...last, from: to + 1 }] : []
  segments.splice(start, met.length, ...before, { from, to, holders: [holder] }, ...behind)
  return met.flatMap(({ holders }) => holders)
}

/** The index of the first segment that ends at a port or behind it. */
function firstFrom(segments: readonly Segment<unknown>[], port: number): number {
  let [low, high] = [0, segments.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((segments[middle]?.to ?? 0) < port) low = middle + 1
    else high = middle
  }
  return low
}
