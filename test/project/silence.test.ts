import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openBackend } from '../../src/backend/registry.ts'
import { INTERRUPTED } from '../../src/cli/exit.ts'
import { lab } from '../command/support.ts'
import { virtualClock } from '../support/clock.ts'

test('a command whose look at things is not answered says so, and Ctrl-C ends it', async () => {
  // Time passes while the command sleeps, not while its modules are loaded, which takes as long as the machine is busy.
  const clock = virtualClock({ manual: true })
  const { begin, engine, remove } = lab(
    { 'stack.yaml': 'services: {web: {image: "app:1"}}' },
    { images: { 'app:1': {} }, clock },
  )
  const listImages: typeof engine.listImages = (signal) =>
    new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
  const hung = { ...engine, listImages }
  const command = begin(['up', '-d'], {
    openBackend: (options) => openBackend({ backend: 'engine', engine: hung }, options),
  })
  const pass = () => clock.advance(clock.sleeping > 0 ? 1_000 : 0)
  while (!command.err().includes('no answer from the engine for 20 s')) await pass()
  command.interrupt()
  let hasEnded = false
  void command.ended.then(() => {
    hasEnded = true
  })
  while (!hasEnded) await pass()
  assert.is((await command.ended).code, INTERRUPTED)
  remove()
})

test.run()
