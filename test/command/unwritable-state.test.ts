import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { writeWhole } from '../../src/cli/write-whole.ts'
import type { ImageFixture } from '../support/memory/fixture.ts'
import { quickFolder } from '../support/quick-folder.ts'
import { type Lab, lab, type Ran, withLab } from './support.ts'

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

interface Place {
  /** The state directory, below a folder that is removed afterwards or somewhere else. */
  at(folder: string): string
  /** Before each command. */
  prepare?(state: string): Promise<void> | void
}

/** What may stand where the state directory should be: for every user. */
const PLACES: Record<string, Place> = {
  'a file': { at: (folder) => emptyFile(folder) },
  'below a file': { at: (folder) => join(emptyFile(folder), 'state') },
  'a link to itself': {
    at: (folder) => {
      symlinkSync('link', join(folder, 'link'))
      return join(folder, 'link')
    },
  },
  'a name that is too long': { at: (folder) => join(folder, 'x'.repeat(300)) },
}
if (process.platform === 'linux') {
  // Of the kernel: neither may root make anything there.
  PLACES['where nothing can be made'] = { at: () => '/proc/self/nowhere' }
  PLACES['a folder that takes no file'] = { at: () => '/sys' }
}

/** The desired state is written to a device that is full. */
const FULL_DEVICE: Place = { at: (folder) => join(folder, 'state'), prepare: linkToFull }

/** What only root may mount, and not in every container. */
const DISKS: Record<string, Place> = {
  'a full disk': { at: (folder) => mounted(folder, 'size=64k', (at) => fill(join(at, 'fill'))) },
  'a disk that takes no further file': { at: (folder) => mounted(folder, 'size=64k,nr_inodes=1', () => undefined) },
  'a read-only disk': {
    at: (folder) => mounted(folder, 'size=64k', (at) => mount('-o', 'remount,ro', at)),
  },
}

function emptyFile(folder: string): string {
  writeFileSync(join(folder, 'file'), '')
  return join(folder, 'file')
}

/** Whatever is written beside a file of the desired state goes to the device. */
async function linkToFull(state: string): Promise<void> {
  rmSync(state, { recursive: true, force: true })
  for (const file of await desiredStateFiles) {
    mkdirSync(dirname(join(state, file)), { recursive: true })
    symlinkSync('/dev/full', `${join(state, file)}.new`)
  }
}

/** As a command leaves them, relative to the state directory. */
const desiredStateFiles = (async () => {
  return withLab({ 'compose.yaml': STACK }, { images: IMAGES }, async (own) => {
    const stateFolder = join(own.directory, 'state')
    await own.begin(['up', '-d'], { stateFolder }).ended
    const files = readdirSync(stateFolder, { recursive: true }).map(String)
    return files.filter((file) => file.endsWith('.json'))
  })
})()

function canMount(): boolean {
  const folder = quickFolder('flotilla-mount-')
  try {
    mounted(folder, 'size=64k', () => undefined)
    execFileSync('umount', [folder])
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function mounted(folder: string, options: string, prepare: (at: string) => void): string {
  mount('-t', 'tmpfs', '-o', options, 'tmpfs', folder)
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

/** A place for a while. */
async function withPlace(place: Place, body: (state: string) => Promise<void>): Promise<void> {
  const folder = quickFolder('flotilla-unwritable-')
  const state = place.at(folder)
  try {
    await body(state)
  } finally {
    if (state === folder) execFileSync('umount', [folder])
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The life of a stack whose commands remember things in that folder, or in one that can be written. */
async function life(stateFolder?: string, prepare?: Place['prepare']): Promise<{ ran: Ran; states: unknown }[]> {
  const own = lab({ 'compose.yaml': STACK }, { images: IMAGES })
  const options = { writeFile: writeWhole, ...(stateFolder !== undefined && { stateFolder }) }
  try {
    const all: { ran: Ran; states: unknown }[] = []
    for (const argv of LIFE) {
      if (stateFolder !== undefined) await prepare?.(stateFolder)
      all.push({ ran: await own.begin(argv, options).ended, states: statesIn(own) })
    }
    return all
  } finally {
    own.remove()
  }
}

function statesIn({ engine }: Lab): unknown {
  const of = ({ name, state }: { name: string; state: string }) => `${name} ${state}`
  return { containers: [...engine.world.containers.values()].map(of).sort(), networks: engine.world.networks.size }
}

const usual = life()

async function assertForgetful(place: Place): Promise<void> {
  await withPlace(place, async (state) => {
    const found = await life(state, place.prepare)
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
  })
}

async function assertNeeded(place: Place): Promise<void> {
  await withPlace(place, async (stateFolder) => {
    const own = lab({ 'compose.yaml': STACK }, { images: IMAGES })
    const begun: string[] = []
    const begin = async (args: readonly string[]) => ({ pid: begun.push(...args), ended: 0 })
    const processes = { own: 1, begin, ready: () => undefined, end: () => undefined }
    try {
      for (const argv of [['guard'], ['guard', '-d']]) {
        const { code, err } = await own.begin(argv, { stateFolder, processes }).ended
        assert.is(code, 1)
        assert.match(err, /^error\[state-unwritable\]/)
      }
      assert.equal(begun, [])
    } finally {
      own.remove()
    }
  })
}

function rows(places: Record<string, Place>, add: (name: string, body: () => Promise<void>) => void): void {
  for (const [name, place] of Object.entries(places)) {
    const start = `state directory: ${name}:`
    add(`${start} every command does its work, and says that nothing is remembered`, () => assertForgetful(place))
    add(`${start} a guard says that it needs it`, () => assertNeeded(place))
  }
}

rows(PLACES, test)
rows(DISKS, canMount() ? test : test.skip)

const onLinux = process.platform === 'linux' ? test : test.skip
onLinux('state directory: a full device: every command does its work, and says that nothing is remembered', () =>
  assertForgetful(FULL_DEVICE),
)

test.run()
