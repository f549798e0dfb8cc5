import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Lab, withLab } from './support.ts'

/** Commands about what is there, beside a stack file that has become unusable. */

const STACK = 'name: shop\nservices:\n  web:\n    image: "web:1"\n'

/** What each is called in the warning. */
const BROKEN: Record<string, [text: string, code: string]> = {
  'a syntax error': [`${STACK}    command: [\n`, 'from-labels'],
  'a required variable': [`${STACK}    command: run \${NO_SUCH_VARIABLE:?must be set}\n`, 'from-labels'],
  'an env file that is gone': [`${STACK}    env_file: gone.env\n`, 'file-missing'],
}

const LINES = ['ps', 'ps -q', 'ps --format json', 'logs', 'exec -T web true']

const IMAGES = { 'web:1': { cmd: ['serve'], log: [{ after: 1, text: 'hello' }] } }

async function inShop(body: (shop: Lab) => Promise<void>): Promise<void> {
  await withLab({ 'stack.yaml': STACK }, { images: IMAGES }, async (shop) => {
    await shop.run('up', '-d')
    await shop.engine.clock.sleep(10)
    await body(shop)
  })
}

for (const [kind, [text, code]] of Object.entries(BROKEN))
  for (const line of LINES)
    test(`${line} beside ${kind}: the same output, and one warning`, () =>
      inShop(async ({ run, write }) => {
        const before = await run(...line.split(' '))
        assert.equal([before.code, before.err], [0, ''])
        write({ 'stack.yaml': text })
        const ran = await run(...line.split(' '))
        assert.equal([ran.code, ran.out], [0, before.out])
        assert.is(ran.err.split(`warning[${code}]`).length, 2, ran.err)
        assert.not.match(ran.err, /^error/m)
        const named = await run('-p', 'shop', ...line.split(' '))
        assert.equal([named.out, named.err], [before.out, ''], 'with -p, no file is asked')
      }))

test('an apparent problem is loaded, and nothing is reported', () =>
  inShop(async ({ run, write }) => {
    write({ 'stack.yaml': `${STACK}    env_file: [{ path: gone.env, required: false }]\n    command: run\n      on\n` })
    assert.is((await run('ps')).err, '')
  }))

test.run()
