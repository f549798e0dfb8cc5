/** Sizes of chunks in bytes: none but the last is smaller than `least`, none is larger than `most`. */
export interface ChunkSizes {
  least: number
  usual: number
  most: number
}

/**
 * Finds the ends of chunks by their content, so that a change moves only the ends near it: FastCDC with a gear hash and normalised
 * sizes (Xia et al., "FastCDC", USENIX ATC 2016). Sizes and table belong to the format of a store: other ones find other chunks.
 */
export class Cutter {
  readonly #gear = gearTable()
  readonly #early: number
  readonly #late: number

  constructor(readonly sizes: ChunkSizes) {
    const bits = Math.round(Math.log2(sizes.usual))
    this.#early = highBits(bits + 1)
    this.#late = highBits(bits - 1)
  }

  /**
   * The length of the first chunk of `bytes`.
   * @returns 0 if it may be longer than the bytes, which are not the last ones
   */
  first(bytes: Uint8Array, isLast: boolean): number {
    const { least, usual, most } = this.sizes
    const end = Math.min(bytes.length, most)
    if (bytes.length <= least) return isLast ? bytes.length : 0
    const turn = Math.min(end, usual)
    const gear = this.#gear
    let hash = 0
    let at = least
    for (; at < turn; at++) {
      hash = ((hash << 1) + (gear[bytes[at] as number] as number)) | 0
      if ((hash & this.#early) === 0) return at + 1
    }
    for (; at < end; at++) {
      hash = ((hash << 1) + (gear[bytes[at] as number] as number)) | 0
      if ((hash & this.#late) === 0) return at + 1
    }
    return isLast || bytes.length >= most ? end : 0
  }
}

/** The highest bits of a gear hash depend on the last 32 bytes, the lowest only on the last few. */
function highBits(count: number): number {
  return (-1 << (32 - count)) | 0
}

/** 256 pseudorandom numbers of 32 bits: the generator "mulberry32", started with 1. */
function gearTable(): Int32Array {
  let state = 1
  return Int32Array.from({ length: 256 }, () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return mixed ^ (mixed >>> 14)
  })
}
