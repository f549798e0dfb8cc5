import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { untilDetached } from '../../../src/command/inside/terminal/detach-keys.ts'

const KEYS = [0x10, 0x11]

async function* chunked(bytes: number[], cuts: number[]): AsyncGenerator<Uint8Array> {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  for (const [i, from] of [0, ...places].entries()) yield Uint8Array.from(bytes.slice(from, places[i]))
}

async function typed(bytes: number[], cuts: number[]): Promise<{ given: number[]; detached: boolean }> {
  const given: number[] = []
  let detached = false
  const onDetach = () => {
    detached = true
  }
  for await (const chunk of untilDetached(chunked(bytes, cuts), onDetach)) given.push(...chunk)
  return { given, detached }
}

/** Where the keys to leave are met first, in plain words. */
function leavesAt(bytes: number[]): number {
  return bytes.findIndex((byte, i) => byte === KEYS[0] && bytes[i + 1] === KEYS[1])
}

const keystrokes = fc.array(fc.constantFrom(0x10, 0x11, 0x03, 0x61), { maxLength: 12 })

test('however it is cut into pieces, all that is typed before Ctrl-P Ctrl-Q is handed on, and nothing behind it', async () => {
  await fc.assert(
    fc.asyncProperty(keystrokes, fc.array(fc.nat(20), { maxLength: 6 }), async (bytes, cuts) => {
      const at = leavesAt(bytes)
      const { given, detached } = await typed(bytes, cuts)
      assert.equal(given, at < 0 ? bytes : bytes.slice(0, at))
      assert.is(detached, at >= 0)
    }),
    { numRuns: 300 },
  )
})

test('input passes at once, except a Ctrl-P that may be the first half of the detach keys', async () => {
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(Uint8Array.of(0x61, 0x10))
    },
  })
  const keys = untilDetached(source, () => undefined)
  assert.equal([...((await keys.next()).value ?? [])], [0x61])
})

test.run()
