import { createHash, randomBytes } from 'node:crypto'
import { chown, link, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { folders, plant, seen } from '../../archive/tree.ts'
import { succeeded } from '../../support/cli.ts'
import { withFolder } from '../../support/folder.ts'
import { composePlugin } from '../compose.ts'
import { type Scene, STAYS, scenes } from '../scene.ts'
import { begin, FLOTILLA, type Talk } from '../talk.ts'

const check = await scenes()
const compose = await composePlugin()

const STACK = { services: { web: { ...STAYS, user: '65534' } } }

async function up(scene: Scene): Promise<void> {
  await scene.stack(STACK)
  succeeded(await scene.run('up', '-d'))
}

const NOTHING = Buffer.alloc(0)

function talk(scene: Scene, tool: string[], args: string[], input: Buffer = NOTHING): Promise<Talk> {
  return begin([...tool, 'cp', ...args], scene, input).done
}

check('a tree copied in and out again is the same', async (scene) => {
  await up(scene)
  let count = 0
  await fc.assert(
    fc.asyncProperty(folders, (tree) =>
      withFolder({}, async (folder) => {
        const name = `tree${count++}`
        await plant(join(folder, name), tree)
        succeeded(await scene.run('cp', join(folder, name), 'web:/tmp'))
        succeeded(await scene.run('cp', `web:/tmp/${name}`, join(folder, 'back')))
        assert.equal(await seen(join(folder, 'back')), await seen(join(folder, name)))
      }),
    ),
    { numRuns: 8 },
  )
})

/** Where each pair of words leads, for every kind of end. `HERE` and `THERE` are folders that hold the same. */
const ENDS = [
  'file',
  'folder',
  'folder/',
  'folder/.',
  'link',
  'link/',
  'to-file',
  'dead',
  'new',
  'new/',
  'new/.',
  'no/such',
  'full/folder',
  'full/file',
]
const SOURCES = ENDS.filter((end) => !end.startsWith('full'))

async function furnish(folder: string): Promise<void> {
  await mkdir(join(folder, 'folder/below'), { recursive: true })
  await mkdir(join(folder, 'full/folder'), { recursive: true })
  await writeFile(join(folder, 'folder/below/x'), 'x', { mode: 0o640 })
  await writeFile(join(folder, 'file'), 'file', { mode: 0o755 })
  await writeFile(join(folder, 'full/file'), 'other')
  await link(join(folder, 'file'), join(folder, 'folder/twin'))
  await symlink('folder', join(folder, 'link'))
  await symlink('file', join(folder, 'to-file'))
  await symlink('nowhere', join(folder, 'dead'))
  await chown(join(folder, 'folder/below/x'), 12, 34).catch(() => undefined)
}

interface Outcome {
  ok: boolean
  tree: string | Record<string, string>
}

/** Copies between a furnished folder here and one in the container, and looks at the destination. */
async function outcome(scene: Scene, tool: string[], args: string[], way: 'in' | 'out'): Promise<Outcome> {
  const place = `/tmp/${tool === FLOTILLA ? 'ours' : 'theirs'}`
  return withFolder({}, async (folder) => {
    await Promise.all([mkdir(join(folder, 'there')), mkdir(join(folder, 'here'))])
    await Promise.all([furnish(join(folder, 'there')), furnish(join(folder, 'here'))])
    const root = await scene.container('web-1')
    await scene.engine.exec(root.id, { cmd: ['rm', '-rf', place], user: '0' }, AbortSignal.timeout(10_000))
    succeeded(await scene.run('cp', join(folder, 'there'), `web:${place}`))
    const [source = '', destination = '', ...flags] = args
    const ends =
      way === 'in'
        ? [join(folder, 'here', '/') + source, `web:${place}/${destination}`]
        : [`web:${place}/${source}`, join(folder, 'here', '/') + destination]
    const { code } = await talk(scene, tool, [...flags, ...ends])
    const tree = way === 'out' ? timeless(await seen(join(folder, 'here'))) : await listing(scene, place)
    return { ok: code === 0, tree }
  })
}

/** The two copies are made at different times. */
function timeless(tree: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(tree).map(([path, facts]) => [path, facts.replace(/ \d{10}\b/, '')]))
}

function listing(scene: Scene, place: string): Promise<string> {
  const script = `cd ${place} && find . | sort | while read -r f; do stat -c '%n %a %u %g %s %N' "$f"; done`
  return scene.inside('web-1', 'sh', '-c', script)
}

for (const way of ['in', 'out'] as const) {
  check(`${way}: every kind of source to every kind of destination, as docker compose copies it`, async (scene) => {
    if ('skip' in compose) return console.log(`skipped: ${compose.skip}`)
    await up(scene)
    const pairs = SOURCES.flatMap((source) => ENDS.map((destination) => [source, destination]))
    const chosen = fc.sample(fc.constantFrom(...pairs), {
      numRuns: Number(process.env.PAIRS ?? 6),
      seed: new Date().getDate(),
    })
    for (const args of chosen) {
      const flags = ['-L', '-a'].filter((flag) => `${args}${flag}`.length % 2 === 0 && (flag === '-L' || way === 'in'))
      const ours = await outcome(scene, FLOTILLA, [...args, ...flags], way)
      const theirs = await outcome(scene, compose.words, [...args, ...flags], way)
      assert.equal(ours, theirs, [way, ...args, ...flags].join(' '))
    }
  })
}

check('archives come from and go to pipes as they are', async (scene) => {
  if ('skip' in compose) return console.log(`skipped: ${compose.skip}`)
  await up(scene)
  const [ours, theirs] = [
    await talk(scene, FLOTILLA, ['web:/etc', '-']),
    await talk(scene, compose.words, ['web:/etc', '-']),
  ]
  assert.ok(ours.stdout.equals(theirs.stdout))
  assert.is((await talk(scene, FLOTILLA, ['-', 'web:/tmp'], ours.stdout)).code, 0)
  assert.is(
    await scene.inside('web-1', 'cat', '/tmp/etc/hostname'),
    await scene.inside('web-1', 'cat', '/etc/hostname'),
  )
})

const SIZE = 250_000_000
/** Kilobytes: with what Node and the program take themselves, far less than the file. */
const MOST_MEMORY = 180_000

check('a large file goes through in little memory', async (scene) => {
  if (process.platform !== 'linux') return console.log('skipped: memory is measured by /proc')
  await up(scene)
  const noted = join(scene.folder, 'memory')
  // What getrusage says begins with what the parent had.
  await scene.write(
    'note.cjs',
    `process.on('exit', () => require('fs').writeFileSync(process.env.NOTED, require('fs').readFileSync('/proc/self/status')))`,
  )
  await writeFile(join(scene.folder, 'large'), randomBytes(SIZE))
  const env = { ...scene.env, NOTED: noted, NODE_OPTIONS: `--require ${join(scene.folder, 'note.cjs')}` }
  for (const args of [
    ['large', 'web:/tmp'],
    ['web:/tmp/large', 'back'],
  ]) {
    assert.is((await talk({ ...scene, env }, FLOTILLA, args)).code, 0)
    const most = Number(/VmHWM:\s+(\d+)/.exec(await readFile(noted, 'utf8'))?.[1])
    assert.ok(most < MOST_MEMORY, `${args.join(' ')}: ${most} kB`)
  }
  const digest = async (file: string) =>
    createHash('md5')
      .update(await readFile(join(scene.folder, file)))
      .digest('hex')
  assert.is(await digest('back'), await digest('large'))
})

test.run()
