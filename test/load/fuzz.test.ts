import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { caseOf } from './fuzz/cases.ts'
import { readCorpus } from './fuzz/corpus.ts'
import { KEPT } from './fuzz/kept.ts'
import { brokenLaw } from './fuzz/laws.ts'

// The short form of scripts/fuzz.mjs, which can also carry out one case alone: --seed N --cases 1.
const FIRST = 1
const CASES = 1000

test(`${CASES} mutated and made-up stacks break no law`, () => {
  const corpus = readCorpus()
  assert.ok(corpus.length > 20)
  for (let seed = FIRST; seed < FIRST + CASES; seed++) {
    const broken = brokenLaw(caseOf(seed, corpus))
    assert.is(broken, undefined, `seed ${seed}: ${broken}`)
  }
})

for (const [name, files] of Object.entries(KEPT)) {
  test(`found before: ${name}`, () => {
    assert.is(brokenLaw({ seed: 0, files, stacks: ['stack.yaml'] }), undefined)
  })
}

test.run()
