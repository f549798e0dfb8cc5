import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { contentId } from '../../../src/lockfile/content-id.ts'
import { SCRATCH_IMAGE } from '../../support/scratch-image.ts'
import { BUILT, type Scene, scenes } from '../scene.ts'

const scene = await scenes()

/** The times of its files are those of the context, and of the build. */
const DOCKERFILE = `FROM ${SCRATCH_IMAGE}\nCOPY a /a\nRUN echo x > /b && mkdir /c\n`

async function built(at: Scene): Promise<{ content: string; warned: boolean }> {
  const ran = await at.run('build', '--no-cache', '--repeatable')
  assert.is(ran.code, 0, ran.stderr)
  const image = await at.engine.inspectImage(`${at.project}-web`)
  return { content: image ? contentId(image) : '', warned: ran.stderr.includes('not-supported') }
}

scene(
  'two repeatable builds give one content, whatever the times of files are, or build says that they do not',
  async (at) => {
    await at.write('a', 'a')
    await at.write('Dockerfile', DOCKERFILE)
    await at.stack({ services: { web: { ...BUILT, build: '.' } } })
    try {
      const first = await built(at)
      await utimes(join(at.folder, 'a'), 1e9, 1e9)
      const second = await built(at)
      assert.ok(first.content)
      assert.is(first.content === second.content, !second.warned)
    } finally {
      await at.run('down', '--rmi', 'all', '-t', '0')
    }
  },
)

test.run()
