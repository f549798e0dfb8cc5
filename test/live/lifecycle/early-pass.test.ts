import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { succeeded } from '../../support/cli.ts'
import { scenes, shell } from '../scene.ts'

const check = await scenes()

/** A set-up server, a gap, then the real one; and a test that passes with either. */
const setUpOn = (address: string) =>
  [`httpd -f -p ${address} & temporary=$!`, 'sleep 2; kill $temporary; sleep 1', 'exec httpd -f -p 7777'].join('\n')
const database = (address: string) => ({
  ...shell(setUpOn(address)),
  healthcheck: { test: 'nc -w 1 127.0.0.1 7777 < /dev/null', interval: '60s' },
})
const client = (of: string) => ({
  ...shell(`nc -w 1 ${of} 7777 < /dev/null || exit 9; exec sleep 1000`),
  depends_on: { [of]: { condition: 'service_healthy' } },
})

check('a pass of a temporary server releases nobody', async ({ stack, run, containers }) => {
  const bare = database('127.0.0.1:7777')
  const exposing = { ...bare, expose: ['7777'] }
  const open = database('7777')
  await stack({
    services: { bare, exposing, open, one: client('bare'), two: client('exposing'), three: client('open') },
  })
  succeeded(await run('up', '--wait'))
  const all = await containers()
  for (const name of ['one-1', 'two-1', 'three-1']) assert.is(all[name]?.state, 'running', name)
  for (const name of ['bare-1', 'exposing-1', 'open-1'])
    assert.is(all[name]?.health?.status, 'starting', `${name}: nobody waited for the engine's own test`)
})

test.run()
