import { type ChunkSizes, Cutter } from './cut.ts'

/** About 40 KiB. On archives of databases, smaller ones find little more that is the same. */
export const SIZES: ChunkSizes = { least: 8 << 10, usual: 32 << 10, most: 128 << 10 }

/**
 * Divides a stream into chunks by its content. A chunk is a view that is valid until the next one is requested.
 * The bytes of all chunks are those of the stream.
 */
export async function* chunksOf(stream: AsyncIterable<Uint8Array>, sizes = SIZES): AsyncGenerator<Uint8Array> {
  const cutter = new Cutter(sizes)
  const window = new Window(sizes.most)
  for await (const bytes of stream) {
    for (let taken = 0; taken < bytes.length; ) {
      taken += window.add(bytes.subarray(taken))
      if (window.isFull) yield* cuts(window, cutter, false)
    }
  }
  yield* cuts(window, cutter, true)
}

function* cuts(window: Window, cutter: Cutter, isLast: boolean): Generator<Uint8Array> {
  for (;;) {
    const { bytes } = window
    const length = cutter.first(bytes, isLast)
    if (length === 0) return window.compact()
    yield bytes.subarray(0, length)
    window.drop(length)
  }
}

/** The bytes that are not divided yet, in one piece. */
class Window {
  readonly #buffer: Uint8Array
  #start = 0
  #end = 0

  /** With room for some chunks, so that moving what is left costs little. */
  constructor(most: number) {
    this.#buffer = new Uint8Array(most * 8)
  }

  get bytes(): Uint8Array {
    return this.#buffer.subarray(this.#start, this.#end)
  }

  get isFull(): boolean {
    return this.#end === this.#buffer.length
  }

  /** Takes as many bytes as there is room for, and returns their number. */
  add(bytes: Uint8Array): number {
    const taken = bytes.subarray(0, this.#buffer.length - this.#end)
    this.#buffer.set(taken, this.#end)
    this.#end += taken.length
    return taken.length
  }

  drop(length: number): void {
    this.#start += length
  }

  compact(): void {
    this.#buffer.copyWithin(0, this.#start, this.#end)
    this.#end -= this.#start
    this.#start = 0
  }
}
