import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { succeeded } from '../../support/cli.ts'
import { nothingToChange, STAYS, scenes, shell } from '../scene.ts'

const check = await scenes()

/** It takes its time to close what it wrote to. */
const CLOSES = shell(
  'echo open-$NAME >>/data/log; trap "sleep 1; echo closed-$NAME >>/data/log; exit 0" TERM; while :; do sleep 0.1; done',
)

check('a volume and an address go from one service to another: never do two have them at once', async (scene) => {
  const holder = (NAME: string) => ({
    ...CLOSES,
    environment: { NAME },
    volumes: ['data:/data'],
    networks: { default: { ipv4_address: '10.217.9.9' } },
  })
  const declare = (services: Record<string, object>) =>
    scene.stack({
      services,
      networks: { default: { ipam: { config: [{ subnet: '10.217.9.0/24' }] } } },
      volumes: { data: null },
    })
  await declare({ db: holder('db') })
  succeeded(await scene.run('up', '-d'))
  await declare({ database: holder('database') })
  succeeded(await scene.run('up', '-d', '--remove-orphans'))
  await declare({ database: STAYS, third: holder('third') })
  succeeded(await scene.run('up', '-d'))
  assert.equal((await scene.inside('third-1', 'cat', '/data/log')).split('\n'), [
    'open-db',
    'closed-db',
    'open-database',
    'closed-database',
    'open-third',
  ])
  await nothingToChange(scene.run)
})

test.run()
