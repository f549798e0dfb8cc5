import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { caseOf } from '../chaos.ts'
import { runCases } from '../chaos-runs.ts'
import { socketScenes } from '../scene.ts'

const check = await socketScenes()

/** The short form of scripts/chaos.mjs: cases that are the same every time. */
const SEED = 40
const CASES = 5

check('commands that are killed, or whose calls to the engine break, are repaired by one more', async ({ engine }) => {
  const lines: string[] = []
  const some = (kind: 'kill' | 'faults', first: number) =>
    Array.from({ length: CASES }, (_, n) => caseOf(first + n, [kind]))
  const log = (line: string) => void lines.push(line)
  const found = await Promise.all([
    runCases(engine, some('kill', SEED), log),
    runCases(engine, some('faults', 2 * SEED), log),
  ])
  const stories = found.flat().map(({ what, problems, outputs }) => [what, ...problems, ...outputs].join('\n'))
  assert.is(stories.length, 0, stories.join('\n=====\n'))
  assert.is(lines.filter((line) => line.startsWith('repaired')).length, 2 * CASES)
})

test.run()
