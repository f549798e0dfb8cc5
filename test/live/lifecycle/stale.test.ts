import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { succeeded } from '../../support/cli.ts'
import { SCRATCH_IMAGE } from '../../support/scratch-image.ts'
import { BUILT, nothingToChange, scenes } from '../scene.ts'

/** Images that are older than their sources. */

const check = await scenes()

check(
  'up says which source of an image was changed, until it is built again',
  async ({ stack, write, run, engine, project }) => {
    const declared = (build: object) => stack({ services: { app: { ...BUILT, build } } })
    const reported = async () =>
      /older than its sources: (.*) changed/.exec(succeeded(await run('up', '-d')).stderr)?.[1]
    const builtAgain = async () => succeeded(await run('up', '-d', '--build'))
    try {
      await write('context/Dockerfile', `FROM ${SCRATCH_IMAGE}\nARG X\nCOPY file /\n`)
      await write('context/file', 'one')
      await write('context/.dockerignore', 'ignored\n')
      await declared({ context: 'context' })
      assert.is(await reported(), undefined)
      await write('context/ignored', 'two')
      await write('context/.env', 'two')
      assert.is(await reported(), undefined)
      await write('context/file', 'two')
      assert.is(await reported(), 'file')
      await builtAgain()
      assert.is(await reported(), undefined)
      await write('context/Dockerfile', `FROM ${SCRATCH_IMAGE}\nARG X\nCOPY file /new\n`)
      assert.is(await reported(), 'Dockerfile')
      await builtAgain()
      // What the builder finds in its cache is built, too.
      await write('context/file', 'two')
      assert.is(await reported(), 'file')
      await builtAgain()
      assert.is(await reported(), undefined)
      await declared({ context: 'context', args: { X: '1' } })
      assert.is(await reported(), 'its build definition')
      await nothingToChange(run)
      await builtAgain()
      assert.is(await reported(), undefined)
    } finally {
      await run('down')
      await engine.removeImage(`${project}-app`)
    }
  },
)

test.run()
