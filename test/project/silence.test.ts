import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openBackend } from '../../src/backend/registry.ts'
import { INTERRUPTED } from '../../src/cli/exit.ts'
import { lab } from '../command/support.ts'

test('a command whose look at things is not answered says so, and Ctrl-C ends it', async () => {
  const { begin, engine, remove } = lab(
    { 'stack.yaml': 'services: {web: {image: "app:1"}}' },
    { images: { 'app:1': {} } },
  )
  const listImages: typeof engine.listImages = (signal) =>
    new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
  const hung = { ...engine, listImages }
  const command = begin(['up', '-d'], {
    openBackend: (options) => openBackend({ backend: 'engine', engine: hung }, options),
  })
  while (!command.err().includes('no answer from the engine for 20 s')) await engine.clock.sleep(1_000)
  command.interrupt()
  assert.is((await command.ended).code, INTERRUPTED)
  remove()
})

test.run()
