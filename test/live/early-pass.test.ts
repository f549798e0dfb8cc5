import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { succeeded } from '../support/cli.ts'
import { scenes, shell } from './scene.ts'

const check = await scenes()

/** A set-up server that only its own container can reach, a gap, then the real one; and a test that tells the two from each other in nothing. */
const SETS_UP = [
  'httpd -f -p 127.0.0.1:7777 & temporary=$!',
  'sleep 2; kill $temporary; sleep 1',
  'exec httpd -f -p 7777',
].join('\n')
const database = {
  ...shell(SETS_UP),
  healthcheck: { test: 'nc -w 1 127.0.0.1 7777 < /dev/null', interval: '20s' },
}
const client = (of: string) => ({
  ...shell(`nc -w 1 ${of} 7777 < /dev/null || exit 9; exec sleep 1000`),
  depends_on: { [of]: { condition: 'service_healthy' } },
})

check('a pass of a temporary server on the loopback address releases nobody', async ({ stack, run, containers }) => {
  const exposing = { ...database, expose: ['7777'] }
  await stack({
    services: { bare: database, exposing, one: client('bare'), two: client('exposing') },
  })
  const began = Date.now()
  succeeded(await run('up', '--wait'))
  assert.ok(Date.now() - began < 15_000, 'nobody waited for the interval of the engine')
  const all = await containers()
  assert.equal([all['one-1']?.state, all['two-1']?.state], ['running', 'running'])
})

test.run()
