// Carrying one case out for one subject.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expectRunning } from './engine.mjs'
import { handoffs } from './handoff.mjs'
import { recipeOf, stackFile } from './stacks.mjs'
import { FLOOR } from './subjects.mjs'

/** What takes milliseconds is measured more often: so many samples in all rounds together, and at least so many in each. */
const SHORT_SAMPLES = 9
const SHORT_REPEATS = 3

/**
 * Carries a case out for a subject, in a project and folder of its own. Resolves to `[operation, sample]` pairs.
 * @param {object} bench `{ engine, measure, folder, claim }`; `claim(project)` promises that the project will be removed
 */
export async function carryOut(bench, { stack, kind, rounds }, subject) {
  const project = bench.claim()
  const folder = join(bench.folder, project)
  mkdirSync(folder)
  const scene = { ...bench, stack, subject, project, folder, rounds }
  write(scene, '1')
  try {
    return await KINDS[kind](scene)
  } finally {
    await bench.engine.remove(project)
  }
}

const KINDS = { lifecycle, config, handoff }

/** From nothing to nothing. Every state on the way is checked: the time of a command that did something else means nothing. */
async function lifecycle(scene) {
  const { port } = scene.engine
  const count = scene.stack.services.length
  const samples = await operations(scene, ['up'])
  await expectRunning(port, scene.project, count)
  samples.push(...(await repeated(scene, ['again', 'ps'])))
  write(scene, '2')
  samples.push(...(await operations(scene, ['change'])))
  await expectRunning(port, scene.project, count)
  samples.push(...(await takenDown(scene)))
  await expectRunning(port, scene.project, 0)
  return samples
}

/**
 * Engines of old lose count of a network's endpoints when much happens at once, and then never remove the network. That is nobody's
 * failure here: the time counts, the leak is noted, and too many of them end the bench before the engine is out of addresses.
 */
async function takenDown(scene) {
  const began = performance.now()
  try {
    return await operations(scene, ['down'])
  } catch (error) {
    if (!/endpoint/.test(error.message)) throw error
    scene.leaked(scene.project)
    return [['down', { ms: performance.now() - began }]]
  }
}

function config(scene) {
  return repeated(scene, ['config'])
}

/** The milliseconds from each pass of a health test to the dependent's start call. */
async function handoff(scene) {
  const times = await handoffs(scene, (env) =>
    scene.measure(scene.subject.words('up', scene.project), { cwd: scene.folder, env }),
  )
  return times.map((ms) => ['handoff', { ms }])
}

async function repeated(scene, names) {
  const samples = []
  const repeats = Math.max(SHORT_REPEATS, Math.ceil(SHORT_SAMPLES / scene.rounds))
  for (let repeat = 0; repeat < repeats; repeat++) samples.push(...(await operations(scene, names)))
  return samples
}

async function operations({ measure, subject, project, folder }, names) {
  const samples = []
  for (const name of names) samples.push([name, await measure(subject.words(name, project), { cwd: folder })])
  return samples
}

function write({ engine, stack, subject, project, folder }, revision) {
  const { image, socket } = engine
  writeFileSync(join(folder, 'compose.yaml'), stackFile(stack, image, revision))
  if (subject.name !== FLOOR) return
  const recipe = recipeOf(stack, { project, image, socket, stackFile: 'compose.yaml' })
  writeFileSync(join(folder, 'recipe.json'), JSON.stringify(recipe))
}
