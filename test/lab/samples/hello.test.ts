import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { succeeded } from '../../support/cli.ts'
import { sampleTest } from './sample-scene.ts'

/** samples/hello: the four steps of its README. */
const GREETING = /^hello-1 +\| Hello from a container!$/m

sampleTest('hello', 'hello: up prints the greeting and ends, ps -a lists what ended, rm removes it', async (scene) => {
  const { run, containers } = scene
  const up = succeeded(await run('up'))
  assert.match(up.stdout + up.stderr, GREETING)
  assert.not.match(succeeded(await run('ps')).stdout, /hello-1/)
  assert.match(succeeded(await run('ps', '-a')).stdout, /hello-1 .*Exited \(0\)/)
  const before = Object.values(await containers()).map(({ id }) => id)
  const again = succeeded(await run('up'))
  assert.match(again.stdout + again.stderr, GREETING)
  assert.equal(
    Object.values(await containers()).map(({ id }) => id),
    before,
  )
  succeeded(await run('rm', '-f'))
  assert.equal(await containers(), {})
})

test.run()
