import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../../src/backend/docker/labels.ts'
import { succeeded } from '../../support/cli.ts'
import { SCRATCH_IMAGE } from '../../support/scratch-image.ts'
import { noRegistry, withRegistry } from '../registry.ts'
import { STAYS, scenes } from '../scene.ts'

const check = await scenes()
const lacking = await noRegistry()
if (lacking) console.log(`skipped: ${lacking}`)
const withOwnRegistry: typeof check = lacking ? (name) => test.skip(name) : check

check('config --hash prints what containers are labelled with, of every replica', async (scene) => {
  await scene.stack({
    services: {
      web: { ...STAYS, environment: { A: '1' }, secrets: ['s'], scale: 2 },
      db: { ...STAYS, volumes: ['data:/data'], networks: { back: { aliases: ['database'] } } },
    },
    volumes: { data: {} },
    networks: { back: {} },
    secrets: { s: { file: './s.txt' } },
  })
  await scene.write('s.txt', 'a secret')
  succeeded(await scene.run('up', '-d'))
  const labels = Object.values(await scene.containers()).map(
    (each) => `${each.labels[COMPOSE.service]} ${each.labels[COMPOSE.configHash]}`,
  )
  assert.is(labels.length, 3)
  const printed = succeeded(await scene.run('config', '--hash', '*'))
    .stdout.trimEnd()
    .split('\n')
  assert.equal([...new Set(labels)].sort(), printed)
})

withOwnRegistry('images are pinned to what their registry has, and run so', async (scene) => {
  await withRegistry(async (address) => {
    const image = `${address}/flotilla-test-pinned:1`
    const docker = (...args: string[]) => promisify(execFile)('docker', args, { env: { ...process.env, ...scene.env } })
    await docker('tag', SCRATCH_IMAGE, image)
    try {
      const { stdout } = await docker('push', image)
      const [digest = 'no digest'] = /sha256:[0-9a-f]{64}/.exec(stdout) ?? []
      await scene.stack({ services: { web: { ...STAYS, image }, local: STAYS } })
      const lock = succeeded(await scene.run('config', '--lock-image-digests', '--format', 'json', 'web')).stdout
      assert.equal(JSON.parse(lock), { services: { web: { image: `${image}@${digest}` } } })
      const config = succeeded(await scene.run('config', '--resolve-image-digests', '--format', 'json', 'web')).stdout
      assert.is(JSON.parse(config).services.web.image, `${image}@${digest}`)
      const failed = await scene.run('config', '--resolve-image-digests')
      assert.is(failed.code, 1)
      assert.match(failed.stderr, `no registry has ${SCRATCH_IMAGE}`)
    } finally {
      await docker('rmi', image)
    }
  })
})

test.run()
