import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Host } from '../../src/cli/host.ts'
import { die } from '../support/memory/lifecycle.ts'
import type { ImageFixture } from '../support/memory/fixture.ts'
import type { StoredContainer } from '../support/memory/world.ts'
import { type Lab, lab } from './support.ts'

const test = suite<{ lab: Lab }>('guard')

const IMAGES: Record<string, ImageFixture> = {
  'app:1': { cmd: ['run'] },
  'db:1': { cmd: ['serve'], exposedPorts: ['5432/tcp'], passesAfter: 200 },
  'job:1': { cmd: ['work'], exits: { after: 100, code: 0 } },
}

const STACK = `name: lab
services:
  db:
    image: db:1
    healthcheck: { test: [CMD, 'true'], interval: 1s }
  web:
    image: app:1
    depends_on: { db: { condition: service_healthy } }
  other:
    image: app:1
`

test.after.each((context) => context.lab.remove())

/** Locks of this process, by name. */
function locks(): Host['lock'] {
  const tails = new Map<string, { holder: string; over: Promise<void> }>()
  return async (name, command, { signal, onWait }) => {
    for (let held = tails.get(name); held; held = tails.get(name)) {
      onWait({ pid: 42, command: held.holder })
      signal.throwIfAborted()
      await Promise.race([held.over, new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))])
    }
    let release = () => {}
    const over = new Promise<void>((resolve) => {
      release = resolve
    })
    tails.set(name, { holder: command, over })
    return async () => {
      tails.delete(name)
      release()
    }
  }
}

interface Scene {
  lab: Lab
  run(...argv: string[]): Promise<void>
  /** Resolves once it has looked at everything. */
  guard(...argv: string[]): Promise<{ end(): Promise<string>; err(): string }>
  at(name: string): StoredContainer
  running(): string[]
}

function scene(context: { lab: Lab }, stack = STACK): Scene {
  context.lab = lab({ 'compose.yaml': stack }, { images: IMAGES })
  const { engine, directory, begin } = context.lab
  const options = { lock: locks(), stateFolder: join(directory, 'state') }
  return {
    lab: context.lab,
    async run(...argv) {
      const { code, err } = await begin(argv, options).ended
      assert.is(code, 0, err)
    },
    async guard(...argv) {
      let stand = () => {}
      const standing = new Promise<void>((resolve) => {
        stand = resolve
      })
      const processes = { own: 1, ready: () => stand(), begin: async () => ({ pid: 0 }), end: () => undefined }
      const begun = begin([...argv, 'guard'], { ...options, processes })
      await Promise.race([standing, begun.ended])
      return {
        err: begun.err,
        async end() {
          begun.interrupt()
          const { err } = await begun.ended
          return err
        },
      }
    },
    at(name) {
      const found = [...engine.world.containers.values()].find((each) => each.name === `lab-${name}`)
      if (!found) throw new Error(`there is no ${name}`)
      return found
    },
    running: () =>
      [...engine.world.containers.values()]
        .filter((each) => each.state === 'running')
        .map((each) => each.name.slice(4))
        .sort(),
  }
}

test('a crash is met within a second, and nothing is asked while nothing happens', async (context) => {
  const { run, guard, at, lab, running } = scene(context)
  await run('up', '-d')
  const guarding = await guard()
  await lab.engine.clock.sleep(5_000)
  lab.engine.calls.length = 0
  await lab.engine.clock.sleep(600_000)
  assert.equal(lab.engine.calls, [])
  die(lab.engine.world, at('web-1'), 1)
  assert.equal(running(), ['db-1', 'other-1'])
  await lab.engine.clock.sleep(1_000)
  assert.equal(running(), ['db-1', 'other-1', 'web-1'])
  const told = await guarding.end()
  console.log(told)
})

test.run()
