import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { succeeded } from '../../support/cli.ts'
import { type SampleScene, sampleTest } from './sample-scene.ts'

/** samples/whale: an image with an argument, which is built again when its sources change, and only then. */
sampleTest('whale', 'whale: says its argument, and what its files say once they are built again', async (scene) => {
  const { env, run, sample, engine, project } = scene
  const image = `${project}-whale:1`
  await scene.addFile({ services: { whale: { image } } })
  env.WHALE_SAYS = 'built with an argument'
  try {
    assert.match(await said(scene, 'up'), /\| +< built with an argument >/)
    const first = await engine.inspectImage(image)
    assert.match(await said(scene, 'up', '--build'), /< built with an argument >/)
    assert.is((await engine.inspectImage(image))?.id, first?.id)
    env.WHALE_SAYS = 'another one'
    await writeFile(join(sample, 'image/sayings.txt'), 'a line of the test\n')
    assert.match(await said(scene, 'up', '--build'), /< another one >/)
    assert.match(await said(scene, 'run', '--rm', '-T', 'whale', 'fortune.sh'), /< a line of the test >/)
    assert.is(Object.keys(await scene.containers()).length, 1)
  } finally {
    succeeded(await run('down', '--rmi', 'all'))
  }
  assert.is(await engine.inspectImage(image), undefined)
})

async function said({ run }: SampleScene, ...args: string[]): Promise<string> {
  const { stdout, stderr } = succeeded(await run(...args))
  return stdout + stderr
}

test.run()
