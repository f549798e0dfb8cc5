import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { TEMPLATES } from '../../../src/init/templates.ts'
import { answer, ended, inTerminal, type Talking, terminalTests } from '../../live/talk.ts'
import { ensureBuilt } from '../../support/cli.ts'
import { withFolder } from '../../support/folder.ts'

/** The questions of `flotilla init`, in a real terminal. */
interface Asked {
  folder: string
  talking: Talking
}

const asked = (script: string, body: (asked: Asked) => Promise<void>) =>
  withFolder({}, async (folder) => {
    ensureBuilt()
    const env = { TERM: 'xterm-256color', LANG: 'C.UTF-8' }
    await body({ folder, talking: inTerminal({ folder, env }, script) })
  })

/** What the test leaves in the folder by itself. */
const OWN = new Set(['terminal.sh', 'before', 'after', 'between'])
const made = (folder: string) => readdirSync(folder).filter((name) => !OWN.has(name))
const [first, second] = TEMPLATES.map(({ name }) => name)

const check = terminalTests((name, body) => test(name, () => body(undefined as never)))

check('arrows and the space bar choose, enter continues, and the name is asked for', () =>
  asked('$flotilla init', async ({ folder, talking }) => {
    await answer(talking, ['Which services?', ' '], ['[x]', '\x1b[B \r'], ['Name of the stack', 'lab2\n'])
    await ended(talking, 0)
    const text = readFileSync(join(folder, 'stack.yaml'), 'utf8')
    assert.match(text, /^name: lab2$/m)
    assert.equal([...text.matchAll(/^ {2}(\w+):$/gm)].map(([, name]) => name).slice(0, 2), [first, second])
    assert.equal(made(folder).sort(), ['.env', '.gitignore', 'stack.yaml'])
  }),
)

check('letters mark the template that they begin, and an invalid name is asked for again', () =>
  asked('$flotilla init', async ({ folder, talking }) => {
    await answer(
      talking,
      [`takes ${first}`, 'red'],
      ['takes redis', '\r'],
      ['Name of the stack', 'Not Valid\n'],
      ['"Not Valid"', 'cache\n'],
    )
    await ended(talking, 0)
    const text = readFileSync(join(folder, 'stack.yaml'), 'utf8')
    assert.match(text, /^name: cache$/m)
    assert.equal([...text.matchAll(/^ {2}(\w+):$/gm)].map(([, name]) => name)[0], 'redis')
  }),
)

for (const [what, keys, code] of [
  ['Ctrl-C', '\x03', 130],
  ['escape', '\x1b', 0],
] as const)
  check(`${what} writes nothing and leaves the terminal as it was`, () =>
    asked('trap : INT\n$flotilla init', async ({ folder, talking }) => {
      await talking.said('Which services?')
      talking.type(keys)
      await ended(talking, code)
      assert.equal(made(folder), [])
    }),
  )

check('Ctrl-Z leaves the terminal as it was, and the question is asked again after fg', () =>
  asked('set -m\n$flotilla init\nstty -a > between\necho stopped; fg', async ({ folder, talking }) => {
    await answer(talking, ['Which services?', '\x1a'], ['stopped', ' '], ['[x]', '\r'], ['Name of the stack', '\n'])
    await ended(talking, 0)
    assert.is(readFileSync(join(folder, 'between'), 'utf8'), readFileSync(join(folder, 'before'), 'utf8'))
    assert.ok(existsSync(join(folder, 'stack.yaml')))
  }),
)

check('on a terminal that cannot move its cursor, names or numbers are typed', () =>
  asked('TERM=dumb $flotilla init', async ({ folder, talking }) => {
    await answer(talking, ['names or numbers', `1, ${second}\n`], ['Name of the stack', '\n'])
    await ended(talking, 0)
    assert.match(readFileSync(join(folder, 'stack.yaml'), 'utf8'), `  ${second}:\n`)
  }),
)

test.run()
