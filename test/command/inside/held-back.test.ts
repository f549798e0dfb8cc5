import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Session, Spoken } from '../../../src/backend/session.ts'
import { heldBack } from '../../../src/command/inside/terminal/held-back.ts'

const REFUSAL = 'OCI runtime exec failed: exec failed: exec: "x": executable file not found in $PATH: unknown\r\n'

function saying(pieces: readonly string[]): Session {
  async function* output(): AsyncIterable<Spoken> {
    for (const piece of pieces) yield { stream: 'stdout', payload: Buffer.from(piece) }
  }
  const nothing = () => undefined
  return {
    output: output(),
    write: async () => undefined,
    end: nothing,
    close: nothing,
    resize: async () => undefined,
    exitCode: async () => 0,
  }
}

async function heard(pieces: readonly string[]): Promise<{ shown: string; held: string }> {
  const { session, held } = heldBack(saying(pieces))
  let shown = ''
  for await (const { payload } of session.output) shown += Buffer.from(payload).toString()
  return {
    shown,
    held: held()
      .map(({ payload }) => Buffer.from(payload).toString())
      .join(''),
  }
}

/** A text in pieces, cut anywhere. */
const cutAnywhere = (text: string) =>
  fc.array(fc.nat(text.length), { maxLength: 4 }).map((cuts) => {
    const places = [0, ...[...cuts].sort((a, b) => a - b), text.length]
    return places.slice(1).map((end, index) => text.slice(places[index], end))
  })

test("only the runtime's sentence is held back, whole; everything else comes through unchanged", async () => {
  await fc.assert(
    fc.asyncProperty(cutAnywhere(REFUSAL), async (pieces) => {
      assert.equal(await heard(pieces), { shown: '', held: REFUSAL })
    }),
  )
  for (const text of ['', 'OCI', 'OCI runtime exec failedd', 'hello', `x${REFUSAL}`, `${REFUSAL}${'y'.repeat(5000)}`])
    await fc.assert(
      fc.asyncProperty(cutAnywhere(text), async (pieces) => {
        assert.equal(await heard(pieces), { shown: text, held: '' })
      }),
    )
})

test.run()
