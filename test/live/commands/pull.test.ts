import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { succeeded } from '../../support/cli.ts'
import { ensureDeclaringImage, SCRATCH_IMAGE } from '../../support/scratch-image.ts'
import { noRegistry, withRegistry } from '../registry.ts'
import { type Scene, STAYS, scenes } from '../scene.ts'

// Pulling from a real registry: by tag, again when the tag has moved, and by digest.

const check = await scenes()
const lacking = await noRegistry()
if (lacking) console.log(`skipped: ${lacking}`)
const withOwnRegistry: typeof check = lacking ? (name) => test.skip(name) : check

async function docker({ env }: Scene, ...args: string[]): Promise<string> {
  return (await promisify(execFile)('docker', args, { env: { ...process.env, ...env } })).stdout
}

/** Puts an image into the registry under a name, and removes that name here. Resolves to its digest. */
async function publish(scene: Scene, from: string, name: string): Promise<string> {
  await docker(scene, 'tag', from, name)
  const [digest = ''] = /sha256:[0-9a-f]{64}/.exec(await docker(scene, 'push', name)) ?? []
  await docker(scene, 'rmi', name)
  return digest
}

withOwnRegistry('an image is pulled once, again when it is asked for, and by digest', async (scene) => {
  const { engine, stack, run, container } = scene
  await withRegistry(async (address) => {
    const image = `${address}/flotilla-test-pulled:1`
    const declaring = await ensureDeclaringImage(engine)
    const first = await publish(scene, SCRATCH_IMAGE, image)
    await stack({ services: { web: { ...STAYS, image } } })
    succeeded(await run('up', '-d'))
    const { id } = await container('web-1')
    await publish(scene, declaring, `${image}0`)
    succeeded(await run('up', '-d'))
    assert.is((await container('web-1')).id, id, 'what is there is not pulled again')

    await docker(scene, 'tag', declaring, image)
    await docker(scene, 'push', image)
    await docker(scene, 'rmi', image)
    succeeded(await run('up', '-d', '--pull', 'always'))
    const renewed = await container('web-1')
    assert.is.not(renewed.id, id, 'the tag has moved')
    assert.ok(renewed.mounts.some(({ target }) => target === '/data'))

    await stack({ services: { web: { ...STAYS, image: `${image}@${first}` } } })
    succeeded(await run('up', '-d'))
    assert.not((await container('web-1')).mounts.some(({ target }) => target === '/data'))
    const again = succeeded(await run('--progress', 'json', 'up', '-d'))
    assert.not.match(again.stdout + again.stderr, /"type":"step-start"/)
    succeeded(await run('down'))
    await docker(scene, 'rmi', image, `${image}@${first}`)
  })
})

test.run()
