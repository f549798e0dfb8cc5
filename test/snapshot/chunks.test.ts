import { createHash } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { chunksOf, SIZES } from '../../src/snapshot/chunks.ts'
import { bytesOf, piecesOf, randomStream } from '../support/random-bytes.ts'

const MIB = 1 << 20

async function lengths(stream: AsyncIterable<Uint8Array>): Promise<number[]> {
  const found: number[] = []
  for await (const { length } of chunksOf(stream)) found.push(length)
  return found
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

for (const length of [0, 1, SIZES.least, SIZES.least + 1, SIZES.most, SIZES.most * 8, 3 * MIB + 17])
  test(`chunks of ${length} bytes are these bytes, whatever pieces they come in, and have the right sizes`, async () => {
    const bytes = await bytesOf(randomStream(7, length))
    assert.ok(bytes.equals(await bytesOf(chunksOf(one(bytes)))))
    const found = await lengths(one(bytes))
    let next = 1
    const odd = () => {
      next = (next * 48_271) % 300_007
      return next
    }
    assert.equal(await lengths(piecesOf(bytes, odd)), found)
    assert.ok(found.every((each) => each <= SIZES.most))
    assert.ok(found.slice(0, -1).every((each) => each >= SIZES.least))
  })

test('bytes without any pattern of their own are divided, too', async () => {
  const found = await lengths(one(Buffer.alloc(2 * MIB)))
  assert.is(
    found.reduce((sum, each) => sum + each, 0),
    2 * MIB,
  )
})

/** The share of new bytes in a second stream. */
async function news(first: AsyncIterable<Uint8Array>, second: AsyncIterable<Uint8Array>): Promise<number> {
  const known = new Set<string>()
  const hash = (chunk: Uint8Array) => createHash('sha256').update(chunk).digest('base64')
  for await (const chunk of chunksOf(first)) known.add(hash(chunk))
  let fresh = 0
  for await (const chunk of chunksOf(second)) if (!known.has(hash(chunk))) fresh += chunk.length
  return fresh
}

const SIZE = 64 * MIB

test('one changed range of 1 % brings at most 1.2 % of new bytes', async () => {
  const range = await bytesOf(randomStream(2, 0.01 * SIZE))
  const bytes = await bytesOf(randomStream(1, SIZE))
  bytes.set(range, 20 * MIB + 333)
  assert.ok((await news(randomStream(1, SIZE), one(bytes))) <= 0.012 * SIZE)
})

test('an insertion brings its own bytes and at most two further chunks', async () => {
  const inserted = await bytesOf(randomStream(2, 1_000_003))
  const bytes = await bytesOf(randomStream(1, SIZE))
  const whole = Buffer.concat([bytes.subarray(0, 20 * MIB + 333), inserted, bytes.subarray(20 * MIB + 333)])
  assert.ok((await news(randomStream(1, SIZE), one(whole))) <= inserted.length + 2 * SIZES.most)
})

test('1 % of scattered pages of 8 KiB brings at most 13 % of new bytes', async () => {
  const bytes = await bytesOf(randomStream(1, SIZE))
  const pages = SIZE >> 13
  const changed = await bytesOf(randomStream(2, SIZE / 100))
  for (let at = 0; at < pages / 100; at++)
    bytes.set(changed.subarray(at << 13, (at + 1) << 13), ((at * 7_919 + 31) % pages) << 13)
  assert.ok((await news(randomStream(1, SIZE), one(bytes))) <= 0.13 * SIZE)
})

test.run()
