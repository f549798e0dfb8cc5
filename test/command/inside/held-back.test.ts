import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Session, Spoken } from '../../../src/backend/session.ts'
import { heldBack } from '../../../src/command/inside/terminal/held-back.ts'

/** Reasons of several runtimes, and of the engine itself. */
const REFUSALS = [
  'OCI runtime exec failed: exec failed: exec: "x": executable file not found in $PATH: unknown\r\n',
  'OCI runtime error: crun: executable file `x` not found in $PATH: No such file or directory\r\n',
  'unable to find user nobodyhere: no matching entries in passwd file\r\n',
]

const OUTPUTS = [...REFUSALS, '', 'OCI', '/ # ', 'sh: x: not found\r\n', 'hello', 'a\nb\r\n', `${'y'.repeat(5000)}\r\n`]

function saying(
  pieces: readonly string[],
  couldNotRun: boolean,
  stream: Spoken['stream'],
): Session & { asked(): number } {
  let asked = 0
  async function* output(): AsyncIterable<Spoken> {
    for (const piece of pieces) yield { stream, payload: Buffer.from(piece) }
  }
  const nothing = () => undefined
  return {
    output: output(),
    write: async () => undefined,
    end: nothing,
    close: nothing,
    resize: async () => undefined,
    exitCode: async () => 0,
    couldNotRun: async () => {
      asked++
      return couldNotRun
    },
    asked: () => asked,
  }
}

async function heard(pieces: readonly string[], couldNotRun: boolean, stream: Spoken['stream'] = 'stdout') {
  const from = saying(pieces, couldNotRun, stream)
  const { session, refusal } = heldBack(from)
  let shown = ''
  for await (const { payload } of session.output) shown += Buffer.from(payload).toString()
  return { shown, refusal: refusal(), asked: from.asked() }
}

/** A text in pieces, cut anywhere. */
const cutAnywhere = (text: string) =>
  fc.array(fc.integer({ min: 1, max: Math.max(1, text.length) }), { maxLength: 4 }).map((cuts) => {
    const places = [0, ...[...new Set(cuts)].sort((a, b) => a - b), text.length]
    return places.slice(1).map((end, index) => text.slice(places[index], end))
  })

test("the engine's message about a command that it could not run is held back, whole", async () => {
  for (const text of REFUSALS)
    await fc.assert(
      fc.asyncProperty(cutAnywhere(text), async (pieces) => {
        assert.equal(await heard(pieces, true), { shown: '', refusal: text, asked: 1 })
      }),
    )
})

test('output of a command passes unchanged, and the engine is asked at most once', async () => {
  for (const text of OUTPUTS)
    await fc.assert(
      fc.asyncProperty(
        cutAnywhere(text),
        fc.constantFrom('stdout' as const, 'stderr' as const),
        async (pieces, stream) => {
          const { shown, refusal, asked } = await heard(pieces, false, stream)
          assert.equal([shown, refusal], [text, ''])
          assert.ok(asked <= 1)
        },
      ),
    )
})

test('the engine is not asked about what cannot be its words', async () => {
  assert.is((await heard(['one\n', 'two\r\n'], true)).asked, 0)
  assert.is((await heard(['one\ntwo\r\n'], true)).asked, 0)
  assert.is((await heard(['words\r\n'], true, 'stderr')).asked, 0)
})

test.run()
