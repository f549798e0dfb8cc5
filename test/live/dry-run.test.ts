import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { launch, MAIN, succeeded } from '../support/cli.ts'
import { SCRATCH_IMAGE } from '../support/scratch-image.ts'
import { composePlugin } from './compose.ts'
import { noRegistry, withRegistry } from './registry.ts'
import { type Scene, STAYS, scenes } from './scene.ts'

/** What a dry run says under the name `compose`, beside what `docker compose --dry-run` says of the same project. */
const plugin = await composePlugin()
if ('skip' in plugin) console.log(`skipped: ${plugin.skip}`)
const live = await scenes()
const compared: typeof live = 'skip' in plugin ? (name) => test.skip(name) : live
const THEIRS = 'words' in plugin ? plugin.words : []
const OURS = [process.execPath, MAIN, '--docker-plugin=compose']

const build = { context: '.', dockerfile_inline: `FROM ${SCRATCH_IMAGE}\n` }

const STACK = {
  services: {
    db: { ...STAYS, healthcheck: { test: ['CMD', 'true'], interval: '1s' }, volumes: ['data:/d'] },
    web: { init: true, command: ['sleep', '1000'], build, depends_on: { db: { condition: 'service_healthy' } } },
  },
  volumes: { data: {} },
}

interface Rehearsal {
  /** What brings the state about. */
  after: string
  commands: string[]
  /** Compose waits though all dependents are there already, so that flotilla has nothing to wait for. */
  waitsMore?: true
}

const REHEARSALS: Rehearsal[] = [
  { after: 'down', commands: ['up -d', 'create', 'build'] },
  { after: 'up -d', commands: ['create', 'stop web', 'kill', 'pause', 'rm -sf', 'down -v'] },
  { after: 'up -d', commands: ['up -d', 'up -d --build', 'up -d --force-recreate', 'restart'], waitsMore: true },
  { after: 'pause web', commands: ['unpause web'] },
  { after: 'unpause web', commands: ['pause db'] },
  // In Compose, the rehearsals of `up` and `start` fail here, and `down` stops what is stopped.
  { after: 'stop', commands: ['rm -f'] },
]

const LINE = /^ DRY-RUN MODE - +((?:Container|Network|Volume|Image) \S+|\S+) +(.*?) *$/

type Texts = Record<string, string[]>

/** The texts about each resource, in order: those of different resources come in any order. */
function textsIn(output: string): Texts {
  const found: Texts = {}
  for (const line of output.split('\n')) {
    const [, id = '', text = ''] = LINE.exec(asDone(line)) ?? []
    if (id !== '') found[id] = [...(found[id] ?? []), text]
  }
  return found
}

/** Compose's rehearsal renames no container that replaces another, and finds networks in use by containers that it did not remove. */
function asDone(line: string): string {
  return line.replace(/ [0-9a-f]{12}_/, ' ').replace('Resource is still in use', 'Removed')
}

function withoutWaits(texts: Texts): Texts {
  const waits = ['Waiting', 'Healthy']
  return Object.fromEntries(Object.entries(texts).map(([id, all]) => [id, all.filter((each) => !waits.includes(each))]))
}

async function reported({ folder, env }: Scene, program: string[], command: string): Promise<Texts> {
  const ran = succeeded(await launch(['--dry-run', ...command.split(' ')], { cwd: folder, env, program }).done)
  return textsIn(ran.stderr + ran.stdout)
}

compared('dry runs say what those of docker compose say, resource by resource', async (scene) => {
  const { folder, env } = scene
  await scene.stack(STACK)
  for (const { after, commands, waitsMore } of REHEARSALS) {
    succeeded(await launch(after.split(' '), { cwd: folder, env, program: THEIRS }).done)
    const existing = Object.keys(await scene.containers())
    for (const command of commands) {
      const [theirs, ours] = await Promise.all([reported(scene, THEIRS, command), reported(scene, OURS, command)])
      const shown = waitsMore ? withoutWaits : (texts: Texts) => texts
      assert.equal(shown(ours), shown(theirs), `${command} after ${after}`)
    }
    assert.equal(Object.keys(await scene.containers()), existing)
  }
  succeeded(await scene.run('down', '-t', '0', '--rmi', 'local'))
})

const noneHere = await noRegistry()
if (noneHere) console.log(`skipped: ${noneHere}`)
// Debian's docker-registry cannot be had here.
const withImages: typeof live = noneHere ? (name) => test.skip(name) : compared

/** In 2.40, images that are pulled have the names of their services. */
function byImage(texts: Texts, images: Record<string, string>): Texts {
  return Object.fromEntries(
    Object.entries(texts).map(([id, all]) => [images[id] === undefined ? id : `Image ${images[id]}`, all]),
  )
}

async function docker({ env }: Scene, ...args: string[]): Promise<void> {
  await promisify(execFile)('docker', args, { env: { ...process.env, ...env } })
}

withImages('dry runs ask registries, and fail where one lacks the image', async (scene) => {
  const { folder, env } = scene
  await withRegistry(async (address) => {
    const images = { kept: `${address}/kept:1`, gone: `${address}/gone:1` }
    const built = { ...STAYS, image: `${address}/built:1`, build }
    const [kept, gone] = [images.kept, images.gone].map((image) => ({ ...STAYS, image }))
    await scene.stack({ services: { kept, gone, built } })
    for (const image of [images.kept, built.image]) {
      await docker(scene, 'tag', SCRATCH_IMAGE, image)
      await docker(scene, 'push', image)
    }
    await docker(scene, 'rmi', images.kept)
    const run = (program: string[], command: string) =>
      launch(['--dry-run', ...command.split(' ')], { cwd: folder, env, program }).done
    for (const line of ['pull kept', 'up -d --no-deps kept'])
      assert.equal(
        byImage(await reported(scene, OURS, line), {}),
        byImage(await reported(scene, THEIRS, line), images),
        line,
      )
    for (const line of ['pull kept gone', 'up -d --pull always gone']) {
      const [ours, theirs] = await Promise.all([run(OURS, line), run(THEIRS, line)])
      assert.equal([ours.code, theirs.code], [1, 1], line)
      assert.not.match(ours.stderr, `${images.gone} Pulled`)
    }
    const push = async () => [(await run(OURS, 'push built')).code, (await run(THEIRS, 'push built')).code]
    assert.equal(await push(), [0, 0])
    await docker(scene, 'rmi', built.image)
    // Compose asks whether the registry has the image already; the engine could not push it.
    assert.equal(await push(), [1, 0])
    assert.equal(await scene.containers(), {})
  })
})

test.run()
