import { writeFileSync } from 'node:fs'
import { chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../../src/backend/docker/labels.ts'
import type { ContainerDetail } from '../../../src/docker/port.ts'
import type { Running } from '../../support/cli.ts'
import { SCRATCH_IMAGE } from '../../support/scratch-image.ts'
import { BUILT, type Scene, STAYS, scenes, until } from '../scene.ts'

const check = await scenes()

const WEB = {
  ...BUILT,
  user: '65534',
  build: { context: '.', dockerfile_inline: `FROM ${SCRATCH_IMAGE}\nCOPY dep /dep\n` },
  develop: {
    watch: [
      { path: './src', action: 'sync', target: '/tmp/src', initial_sync: true, ignore: ['*.log'] },
      { path: './dep', action: 'rebuild' },
      { path: './conf', action: 'sync+restart', target: '/tmp/conf' },
      {
        path: './ran',
        action: 'sync+exec',
        target: '/tmp/ran',
        exec: { command: ['sh', '-c', 'cat /tmp/ran > /tmp/src/executed'] },
      },
    ],
  },
}

async function furnished(scene: Scene): Promise<(path: string, text?: string) => Promise<void>> {
  const write = (path: string, text = '') => writeFile(join(scene.folder, path), text)
  await scene.stack({ services: { web: { ...WEB, image: `${scene.project}:1` } } })
  await mkdir(join(scene.folder, 'src/closed'), { recursive: true })
  for (const file of ['src/a', 'src/left.log', 'src/closed/x', 'dep', 'conf', 'ran']) await write(file, '1')
  await chmod(join(scene.folder, 'src/closed'), 0)
  return write
}

/** Resolves once a test of the shell is met in the container; fails after ten seconds. */
async function met(scene: Scene, condition: string): Promise<void> {
  const waiting = scene.inside('web-1', 'sh', '-c', `until ${condition}; do sleep 0.05; done`)
  await waiting.catch(async () => assert.unreachable(`${condition}\n${await scene.inside('web-1', 'find', '/tmp')}`))
}

function isAnother(now: ContainerDetail | undefined, before: ContainerDetail): boolean {
  return now !== undefined && now.id !== before.id
}

const tree = (paths: string) => `[ "$(cd /tmp/src && find . | sort | tr '\\n' ' ')" = "${paths} " ]`

async function ended(scene: Scene, running: Running): Promise<void> {
  running.kill('SIGINT')
  assert.is((await running.done).code, 130)
  await scene.engine.removeImage(`${scene.project}:1`).catch(() => undefined)
}

check('changes are copied, removed, built and restarted as the rules say', async (scene) => {
  const write = await furnished(scene)
  const here = (path: string) => join(scene.folder, path)
  const listening = new AbortController()
  const made = await creations(scene, listening.signal)
  const running = scene.launch('watch')
  await running.until(({ stderr }) => stderr.includes('Watching'))
  await met(scene, '[ -e /tmp/src/a ]')
  await write('src/b', '2')
  await mkdir(here('src/d'))
  await write('src/d/c')
  await symlink('b', here('src/l'))
  await write('src/other.log')
  await met(scene, '[ -e /tmp/src/d/c ] && [ "$(readlink /tmp/src/l)" = b ]')
  await rm(here('src/a'))
  await rename(here('src/d'), here('src/e'))
  await rm(here('src/b'))
  await mkdir(here('src/b'))
  await met(scene, tree('. ./b ./closed ./e ./e/c ./l'))
  assert.is(await scene.inside('web-1', 'stat', '-c', '%u', '/tmp/src/e/c'), '65534')

  await write('ran', '2')
  await met(scene, '[ "$(cat /tmp/src/executed)" = 2 ]')
  const before = await scene.container('web-1')
  await write('conf', '2')
  await until(async () => (await scene.container('web-1')).startedAt !== before.startedAt)
  assert.is((await scene.container('web-1')).id, before.id)
  assert.is(await scene.inside('web-1', 'cat', '/tmp/conf'), '2')

  // Without a pause in which a rebuild could begin.
  for (const text of ['2', '3', '4', '5']) writeFileSync(here('dep'), text)
  await until(async () => isAnother((await scene.containers())['web-1'], before))
  await met(scene, '[ "$(cat /dep)" = 5 ] && [ -e /tmp/src/e/c ]')
  await ended(scene, running)
  listening.abort()
  assert.is(made.length, 2)
  assert.is(await scene.engine.inspectImage(before.imageId), undefined)
  assert.ok((await scene.container('web-1')).running)
})

/** The containers that are created from now on. The engine's history is short, and other projects fill it. */
async function creations({ engine, project }: Scene, signal: AbortSignal): Promise<string[]> {
  const ids: string[] = []
  const labels = [`${COMPOSE.project}=${project}`]
  const events = await engine.events({ types: ['container'], labels }, signal)
  const hear = async () => {
    for await (const { action, id } of events) if (action === 'create') ids.push(id)
  }
  hear().catch(() => undefined)
  return ids
}

check('an attached up applies changes too, and follows the containers that a rebuild makes', async (scene) => {
  const write = await furnished(scene)
  const running = scene.launch('up', '--watch')
  await running.until(({ stderr }) => stderr.includes('Watching'))
  await met(scene, '[ -e /tmp/src/a ]')
  const before = await scene.container('web-1')
  await write('dep', '2')
  await until(async () => isAnother((await scene.containers())['web-1'], before))
  await met(scene, '[ "$(cat /dep)" = 2 ] && [ -e /tmp/src/a ]')
  await ended(scene, running)
  assert.not.ok((await scene.container('web-1')).running)
})

check('without rules there is nothing to watch, and a rebuild needs a build', async (scene) => {
  await scene.stack({ services: { web: STAYS } })
  assert.is((await scene.run('watch', '--no-up')).code, 1)
  await scene.stack({ services: { web: { ...STAYS, develop: { watch: [{ path: '.', action: 'rebuild' }] } } } })
  assert.is((await scene.run('watch', '--no-up')).code, 1)
  assert.equal(await scene.containers(), {})
})

test.run()
