import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Host } from '../../src/cli/host.ts'
import { IMAGES } from '../backend/support.ts'
import { type Lab, lab } from '../command/support.ts'

const test = suite<{ lab: Lab }>('one command at a time')

const STACK = 'name: lab\nservices:\n  app:\n    image: app:1\n'

test.after.each((context) => context.lab.remove())

/** A lock that somebody else never lets go of; `given up` once nobody waits for it any more. */
function taken() {
  const waits: string[] = []
  const lock: Host['lock'] = (_project, command, { signal, onWait }) => {
    waits.push(command)
    onWait({ pid: 1, command: 'up' })
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        waits.push('given up')
        reject(signal.reason)
      })
    })
  }
  return { waits, lock }
}

test('a stack that cannot be read is reported at once, though another command has its turn', async (context) => {
  context.lab = lab({ 'compose.yaml': 'name: lab\nservices:\n  app:\n    imagee: app:1\n' }, { images: IMAGES })
  const { waits, lock } = taken()
  const { code, err } = await context.lab.begin(['up', '-d'], { lock }).ended
  assert.is(code, 1)
  assert.match(err, 'imagee')
  assert.equal(waits, ['up', 'given up'])
  assert.equal(context.lab.engine.calls, [])
})

test('a stack that cannot be read is reported before an engine that cannot be reached', async (context) => {
  context.lab = lab({ 'compose.yaml': 'services: [' })
  const openBackend: Host['openBackend'] = async () => {
    throw new Error('no engine')
  }
  const { code, err } = await context.lab.begin(['-p', 'lab', 'up', '-d'], { openBackend }).ended
  assert.is(code, 1)
  assert.match(err, 'compose.yaml:1')
  assert.not.match(err, 'no engine')
})

test('the engine is asked, and changed, only in turn', async (context) => {
  context.lab = lab({ 'compose.yaml': STACK }, { images: IMAGES })
  const { engine } = context.lab
  const asked: number[] = []
  const lock: Host['lock'] = async () => {
    asked.push(engine.calls.length)
    return async () => void asked.push(engine.calls.length)
  }
  assert.is((await context.lab.begin(['up', '-d'], { lock }).ended).code, 0)
  assert.equal(asked, [0, engine.calls.length])
})

test.run()
