import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { succeeded } from '../../support/cli.ts'
import { AFTERMATH, disturb, nextRevision, randomStack } from '../chaos.ts'
import { deviations, worldOf } from '../declared.ts'
import { type Random, randomFrom } from '../random.ts'
import { nothingToChange, type Scene, scenes, withScene } from '../scene.ts'

const check = await scenes()

const SEED = 20
/** Kills in each of two projects, one beside the other. */
const KILLS = 6

check('killed at a random moment of a recreate, the next up ends in exactly the declared state', async ({ engine }) => {
  await Promise.all([SEED, SEED + 1].map((seed) => withScene(engine, (scene) => killAgainAndAgain(scene, seed))))
})

async function killAgainAndAgain(scene: Scene, seed: number): Promise<void> {
  const random = randomFrom(seed)
  let stack = randomStack(random)
  await scene.stack(stack)
  const began = performance.now()
  succeeded(await scene.run('up', '-d'))
  const whole = performance.now() - began
  await scene.inside('db-1', 'sh', '-c', `echo ${seed} > /data/seed`)
  for (let kill = 1; kill <= KILLS; kill++) {
    stack = nextRevision(stack, `${seed}-${kill}`)
    await scene.stack(stack)
    await killOnce(scene, stack, random, whole)
  }
  assert.is(await scene.inside('db-1', 'cat', '/data/seed'), `${seed}`)
}

async function killOnce(scene: Scene, stack: ReturnType<typeof randomStack>, random: Random, whole: number) {
  const { engine, project } = scene
  const afterMs = Math.round(random.between(150, whole))
  const killed = await disturb(scene, ['up', '-d'], { kind: 'kill', afterMs })
  const repaired = await scene.run('up', '-d')
  const story = `killed after ${afterMs} ms\n${killed.stderr}\n---\n${repaired.stderr}`
  assert.is(repaired.code, 0, story)
  assert.equal(deviations(await worldOf(engine, project), project, stack), [], story)
  await new Promise((resolve) => setTimeout(resolve, AFTERMATH))
  assert.equal(deviations(await worldOf(engine, project), project, stack), [], `after a while; ${story}`)
  await nothingToChange(scene.run, story)
}

test.run()
