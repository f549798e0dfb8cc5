import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Spoken } from '../../../src/backend/session.ts'
import { buffered } from '../../../src/command/inside/terminal/output-buffer.ts'

const MEBIBYTE = 1024 * 1024

function chunk(size: number): Spoken {
  return { stream: 'stdout', payload: new Uint8Array(size) }
}

/** A program that prints so many chunks, and how many of them were taken from it. */
function printing(count: number, size: number, error?: Error) {
  const reported = { taken: 0 }
  async function* output(): AsyncGenerator<Spoken> {
    for (let i = 0; i < count; i++) {
      reported.taken = i + 1
      yield chunk(size)
    }
    if (error) throw error
  }
  return { reported, output: output() }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}

test('output before the first listener is kept for it', async () => {
  const { reported, output } = printing(5, 10)
  const kept = buffered(output)
  await settled()
  assert.is(reported.taken, 5)
  let bytes = 0
  for await (const { payload } of kept) bytes += payload.length
  assert.is(bytes, 50)
})

test('no more is held than about a mebibyte, and nothing is lost', async () => {
  const { reported, output } = printing(10, MEBIBYTE / 2)
  const kept = buffered(output)
  await settled()
  assert.ok(reported.taken <= 4, `${reported.taken} halves taken`)
  let bytes = 0
  for await (const { payload } of kept) bytes += payload.length
  assert.is(bytes, 5 * MEBIBYTE)
})

test('an error comes after all that was printed before it', async () => {
  const kept = buffered(printing(2, 1, new Error('broken')).output)
  await settled()
  let chunks = 0
  try {
    for await (const _ of kept) chunks++
    assert.unreachable()
  } catch (error) {
    assert.is((error as Error).message, 'broken')
  }
  assert.is(chunks, 2)
})

test.run()
