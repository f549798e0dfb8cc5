import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { IMAGES } from '../backend/support.ts'
import { type Lab, lab } from '../command/support.ts'

const test = suite<{ lab: Lab }>('which backend')

const SERVICES = 'services:\n  app:\n    image: app:1\n'

test.after.each((context) => context.lab.remove())

/** The exit code of a command on a stack with this top, and what the engine was asked. */
async function ran(context: { lab: Lab }, top: string, ...argv: string[]) {
  context.lab = lab({ 'compose.yaml': `name: lab\n${top}${SERVICES}` }, { images: IMAGES })
  const { code, err } = await context.lab.run(...argv)
  return { code, err, isAsked: context.lab.engine.calls.length > 0 }
}

for (const argv of [['up', '-d'], ['plan'], ['ps'], ['down']]) {
  test(`${argv[0]}: an unknown backend is refused where the stack file names it, before anything is asked`, async (context) => {
    const { code, err, isAsked } = await ran(context, 'x-flotilla:\n  backend: engin\n', ...argv)
    assert.equal([code, isAsked], [1, false])
    assert.match(err, 'compose.yaml:3:12')
    assert.match(err, 'engine')
  })
}

test('the flag wins over the stack file, and an unknown one is refused', async (context) => {
  const file = 'x-flotilla:\n  backend: swarm\n'
  assert.is((await ran(context, file, '--backend', 'engine', 'up', '-d')).code, 0)
  context.lab.remove()
  const { code, isAsked } = await ran(context, '', '--backend', 'swarm', 'up', '-d')
  assert.equal([code, isAsked], [1, false])
})

test('where the name is given and files are not looked for, the stack file counts once it is read', async (context) => {
  const { code, err } = await ran(context, 'x-flotilla: {backend: swarm}\n', '-p', 'lab', 'up', '-d')
  assert.is(code, 1)
  assert.match(err, 'compose.yaml:2:')
})

test('a stack without a word about it runs on a Docker engine, as one that names it does', async (context) => {
  assert.is((await ran(context, '', 'up', '-d')).code, 0)
  context.lab.remove()
  assert.is((await ran(context, 'x-flotilla: {backend: engine}\n', 'up', '-d')).code, 0)
})

test.run()
