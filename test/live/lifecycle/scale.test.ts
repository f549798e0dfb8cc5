import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { compose, composePlugin } from '../compose.ts'
import { type Scene, STAYS, scenes } from '../scene.ts'

/** Which containers go when a service is scaled down, on a real engine. */
const live = await scenes()
const plugin = await composePlugin()

async function declare({ stack }: Scene, rev: string): Promise<void> {
  await stack({ services: { a: { ...STAYS, environment: { REV: rev }, scale: 2 } } })
}

async function idsOf({ containers }: Scene): Promise<Record<string, string>> {
  return Object.fromEntries(Object.entries(await containers()).map(([name, { id }]) => [name, id]))
}

/** Two of an earlier revision, and two that were made since. */
async function mixed(scene: Scene, run: (...args: string[]) => Promise<unknown>): Promise<Record<string, string>> {
  await declare(scene, '1')
  await run('up', '-d')
  await declare(scene, '2')
  await run('up', '-d', '--no-recreate', '--scale', 'a=4')
  return idsOf(scene)
}

async function assertCurrentStay(scene: Scene, before: Record<string, string>): Promise<void> {
  assert.equal(Object.keys(before).sort(), ['a-1', 'a-2', 'a-3', 'a-4'])
  const { code, stderr } = await scene.run('up', '-d', '--scale', 'a=2')
  assert.is(code, 0, stderr)
  const { 'a-3': third, 'a-4': fourth } = before
  assert.equal(await idsOf(scene), { 'a-3': third, 'a-4': fourth })
}

live('outdated containers go first, current ones stay untouched, and a later up leaves them alone', async (scene) => {
  await assertCurrentStay(scene, await mixed(scene, scene.run))
  const before = await idsOf(scene)
  assert.is((await scene.run('up', '-d')).code, 0)
  assert.equal(await idsOf(scene), before)
  assert.is((await scene.run('up', '-d', '--scale', 'a=3')).code, 0)
  assert.equal(Object.keys(await idsOf(scene)).sort(), ['a-1', 'a-3', 'a-4'])
  assert.is((await scene.run('up', '-d', '--scale', 'a=0')).code, 0)
  assert.equal(await idsOf(scene), {})
})

live('what docker compose made is distinguished too', async (scene) => {
  if ('skip' in plugin) return console.log(`skipped: ${plugin.skip}`)
  const { folder: cwd, env } = scene
  await assertCurrentStay(scene, await mixed(scene, (...args) => compose(plugin.words, args, { cwd, env })))
  await compose(plugin.words, ['up', '-d', '--no-recreate'], { cwd, env })
  assert.equal(Object.keys(await idsOf(scene)).sort(), ['a-3', 'a-4'])
})

test.run()
