import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { lab, withLab } from '../support.ts'

/** The engine lists a container as running until it has handled the end of its program. */
const END_TAKES = 50

const STACK = `
name: shop
services:
  bad: { image: "bad:1" }
  job: { image: "job:1" }
  db: { image: "db:1" }
`

const ENDS = {
  'bad:1': { cmd: ['fail'], exits: { after: END_TAKES, code: 3 } },
  'job:1': { cmd: ['work'], exits: { after: END_TAKES, code: 0 } },
  'db:1': { cmd: ['serve'] },
}

const ALL = [/exit code 0.*\bjob-1/, /\bbad-1 .*exit code 3/]
const [DONE, FAILED] = ALL.map((each) => [each]) as [RegExp[], RegExp[]]

/** What each command says of the programs that it has started, in no particular order. */
const TABLE: [lines: string[], reported: RegExp[]][] = [
  [['up -d'], ALL],
  [['up -d bad'], FAILED],
  [['up -d job'], DONE],
  [['create', 'start'], ALL],
  [['up -d', 'restart bad'], FAILED],
  [['up -d db', 'scale bad=1'], FAILED],
  [['up -d db'], []],
]

for (const [lines, reported] of TABLE)
  test(`${lines.join(', ')}: programs that end while their command does are reported`, async () => {
    const { engine, run, remove } = lab({ 'stack.yaml': STACK }, { images: ENDS })
    engine.hooks.before = async ({ method }) => {
      // As an engine does it: an inspect waits for the end in progress, a list does not.
      if (method === 'inspectContainer') await engine.clock.sleep(END_TAKES)
    }
    try {
      let last = ''
      for (const line of lines) last = (await run(...line.split(' '))).err
      const said = ALL.filter((each) => each.test(last))
      assert.equal(said, reported, last)
    } finally {
      remove()
    }
  })

test('each running container costs one look, and no second list', async () => {
  await withLab({ 'stack.yaml': STACK }, { images: ENDS }, async ({ engine, run }) => {
    await run('up', '-d', 'db')
    const last = engine.calls.map(({ method }) => method).slice(-2)
    assert.equal(last, ['listContainers', 'inspectContainer'])
  })
})

test.run()
