/** Where a chunk is: the number of a data file, as the caller counts them, and its place there, in bytes. */
export interface ChunkPlace {
  file: number
  offset: number
  length: number
}

/** A SHA-256. */
export const ID_BYTES = 32

/**
 * Finds chunks by their SHA-256, of which it keeps all 32 bytes: a hash table in typed arrays, since a map of objects would need five times the
 * memory. About 65 bytes a chunk; 1 GiB has about 27,000.
 */
export class ChunkIndex {
  #count = 0
  /** Slots of the table: the number of an entry and one more, so that 0 is an empty slot. */
  #slots = new Uint32Array(1 << 10)
  #ids = new Uint8Array(ID_BYTES << 9)
  /** File, offset and length of each entry. */
  #places = new Uint32Array(3 << 9)

  get count(): number {
    return this.#count
  }

  find(id: Uint8Array): ChunkPlace | undefined {
    const entry = (this.#slots[this.#slotOf(id)] as number) - 1
    if (entry < 0) return undefined
    const [file = 0, offset = 0, length = 0] = this.#places.subarray(entry * 3, entry * 3 + 3)
    return { file, offset, length }
  }

  /** A chunk that is there already keeps its place. */
  add(id: Uint8Array, { file, offset, length }: ChunkPlace): void {
    if (this.#count * 2 >= this.#slots.length) this.#grow()
    const slot = this.#slotOf(id)
    if (this.#slots[slot] !== 0) return
    this.#ids.set(id, this.#count * ID_BYTES)
    this.#places.set([file, offset, length], this.#count * 3)
    this.#count += 1
    this.#slots[slot] = this.#count
  }

  /** The slot that holds the id, or the empty one where it belongs. */
  #slotOf(id: Uint8Array): number {
    const last = this.#slots.length - 1
    let slot = firstSlot(id, 0) & last
    for (;;) {
      const entry = (this.#slots[slot] as number) - 1
      if (entry < 0 || this.#holds(entry, id)) return slot
      slot = (slot + 1) & last
    }
  }

  #holds(entry: number, id: Uint8Array): boolean {
    const start = entry * ID_BYTES
    for (let at = 0; at < ID_BYTES; at++) if (this.#ids[start + at] !== id[at]) return false
    return true
  }

  #grow(): void {
    const slots = new Uint32Array(this.#slots.length * 2)
    const last = slots.length - 1
    for (let entry = 0; entry < this.#count; entry++) {
      let slot = firstSlot(this.#ids, entry * ID_BYTES) & last
      while (slots[slot] !== 0) slot = (slot + 1) & last
      slots[slot] = entry + 1
    }
    this.#slots = slots
    this.#ids = larger(this.#ids)
    this.#places = larger(this.#places)
  }
}

/** The bytes of a SHA-256 are distributed evenly. */
function firstSlot(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4)
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0
}

function larger<T extends Uint8Array | Uint32Array>(array: T): T {
  const copy = new (array.constructor as new (length: number) => T)(array.length * 2)
  copy.set(array)
  return copy
}
