import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { writeWhole } from '../../src/cli/write-whole.ts'
import type { ImageFixture } from '../support/memory/fixture.ts'
import { quickFolder } from '../support/quick-folder.ts'
import { type Lab, lab, type Ran } from './support.ts'

const IMAGES: Record<string, ImageFixture> = { 'app:1': { cmd: ['run'] }, 'app:2': { cmd: ['run'], content: 'newer' } }
const STACK = `
name: p
services:
  web:
    image: "app:\${TAG:-1}"
    post_start: [{ command: ["true"] }]
    pre_stop: [{ command: ["true"] }]
    networks: [one, two]
  db: { image: "app:1" }
networks: { one: null, two: null }
`

/** A stack's life, with every command that writes to the state directory, in order. */
const LIFE: string[][] = [
  ['up', '-d'],
  ['stop', 'web'],
  ['start', 'web'],
  ['restart'],
  ['kill', 'db'],
  ['up', '-d', '--force-recreate'],
  ['pause'],
  ['unpause'],
  ['scale', 'db=2'],
  ['run', '-d', '--name', 'one', 'db'],
  ['plan', '--out', 'plan.json'],
  ['apply', 'plan.json'],
  ['rm', '-sf', 'db'],
  ['create'],
  ['guard', '--status'],
  ['down'],
]
const WRITING = new Set(['up', 'stop', 'start', 'restart', 'kill', 'scale', 'rm'])

/** What may stand where the state directory should be; each returns its path, or nothing where this machine cannot make it. */
const PLACES: Record<string, (folder: string) => string | undefined> = {
  'a file': (folder) => {
    writeFileSync(join(folder, 'file'), '')
    return join(folder, 'file')
  },
  'below a file': (folder) => {
    writeFileSync(join(folder, 'file'), '')
    return join(folder, 'file', 'state')
  },
  'where nothing can be made': () => (existsSync('/proc/self') ? '/proc/self/nowhere' : undefined),
  'a full disk': (folder) => mounted(folder, 'size=64k', (at) => fill(join(at, 'fill'))),
  'a disk that takes no further file': (folder) => mounted(folder, 'size=64k,nr_inodes=1', () => undefined),
  'a read-only disk': (folder) => mounted(folder, 'size=64k', (at) => mount('-o', 'remount,ro', at)),
}

function mounted(folder: string, options: string, prepare: (at: string) => void): string | undefined {
  try {
    mount('-t', 'tmpfs', '-o', options, 'tmpfs', folder)
  } catch {
    // Only root may mount, and not in every container.
    return undefined
  }
  prepare(folder)
  return folder
}

function mount(...args: string[]): void {
  execFileSync('mount', args, { stdio: 'ignore' })
}

function fill(file: string): void {
  try {
    writeFileSync(file, Buffer.alloc(1 << 20))
  } catch (thrown) {
    assert.is((thrown as NodeJS.ErrnoException).code, 'ENOSPC')
  }
}

/** The life of a stack whose commands remember things in that folder, or in one that can be written. */
async function life(stateFolder: string | undefined): Promise<{ ran: Ran; states: unknown }[]> {
  const own = lab({ 'compose.yaml': STACK }, { images: IMAGES })
  const options = { writeFile: writeWhole, ...(stateFolder !== undefined && { stateFolder }) }
  try {
    const all: { ran: Ran; states: unknown }[] = []
    for (const argv of LIFE) all.push({ ran: await own.begin(argv, options).ended, states: statesIn(own) })
    return all
  } finally {
    own.remove()
  }
}

function statesIn({ engine }: Lab): unknown {
  const of = ({ name, state }: { name: string; state: string }) => `${name} ${state}`
  return { containers: [...engine.world.containers.values()].map(of).sort(), networks: engine.world.networks.size }
}

const usual = life(undefined)

for (const [place, make] of Object.entries(PLACES)) {
  test(`state directory: ${place}: every command does its work, and says that nothing is remembered`, async () => {
    const folder = quickFolder('flotilla-unwritable-')
    mkdirSync(folder, { recursive: true })
    const state = make(folder)
    try {
      if (state === undefined) return
      const found = await life(state)
      for (const [at, expected] of (await usual).entries()) {
        const name = LIFE[at]?.join(' ')
        const { ran, states } = found[at] as (typeof found)[number]
        assert.is(ran.code, expected.ran.code, `${name}: ${ran.err}`)
        assert.equal(states, expected.states, name)
        assert.not.match(ran.err, /flotilla has a bug|\n +at /)
        const warned = ran.err.split('state-unwritable').length - 1
        if (WRITING.has(LIFE[at]?.[0] ?? '')) assert.is(warned, 1, `${name}: ${ran.err}`)
        else assert.ok(warned <= 1, `${name}: ${ran.err}`)
      }
    } finally {
      if (state === folder) execFileSync('umount', [folder])
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test(`state directory: ${place}: a guard says that it needs it`, async () => {
    const folder = quickFolder('flotilla-unwritable-')
    const stateFolder = make(folder)
    const own = lab({ 'compose.yaml': STACK }, { images: IMAGES })
    try {
      if (stateFolder === undefined) return
      const begun: string[] = []
      const begin = async (args: readonly string[]) => ({ pid: begun.push(...args), ended: 0 })
      const processes = { own: 1, begin, ready: () => undefined, end: () => undefined }
      for (const argv of [['guard'], ['guard', '-d']]) {
        const { code, err } = await own.begin(argv, { stateFolder, processes }).ended
        assert.is(code, 1)
        assert.match(err, /^error\[state-unwritable\]/)
      }
      assert.equal(begun, [])
    } finally {
      if (stateFolder === folder) execFileSync('umount', [folder])
      rmSync(folder, { recursive: true, force: true })
      own.remove()
    }
  })
}

test.run()
