// What a sample costs, measured while it is up under a project name that nobody else has: images, build, start, memory.
import { engineClient } from '../lib/engine-http.mjs'
import { mustRun, run } from '../lib/process.mjs'
import { root } from '../lib/project.mjs'
import { prepare } from './prepare.mjs'

const PROJECT = 'flotilla-costs'

/**
 * Resolves to `{ imageBytes, buildSeconds?, startSeconds, memoryBytes }`. `rebuild`: images are built without a cache; else `buildSeconds`
 * is absent.
 */
export async function measure(sample, { endpoint, log, rebuild }) {
  process.env.COMPOSE_PROJECT_NAME = PROJECT
  const { files, env } = await prepare(sample, { endpoint, log })
  const flotilla = (...args) => mustRun(process.execPath, ['dist/main.js', ...files, ...args], { cwd: root, env })
  try {
    const buildSeconds = rebuild ? await secondsOf(() => flotilla('build', '--no-cache')) : undefined
    await flotilla('build')
    const startSeconds = await secondsOf(() => flotilla(...sample.up))
    const engine = engineClient(endpoint)
    const memoryBytes = await memoryOf(engine)
    const imageBytes = await sizeOf(engine, await flotilla('config', '--images'))
    return { imageBytes, ...(buildSeconds !== undefined && { buildSeconds }), startSeconds, memoryBytes }
  } finally {
    await run(process.execPath, ['dist/main.js', ...files, 'down', '-v', '-t', '2'], { cwd: root, env })
    delete process.env.COMPOSE_PROJECT_NAME
  }
}

async function secondsOf(work) {
  const began = performance.now()
  await work()
  return Math.round((performance.now() - began) / 100) / 10
}

/** Of running containers, without what the kernel would give back at once: as `docker stats` counts. */
async function memoryOf(engine) {
  const filters = encodeURIComponent(JSON.stringify({ label: [`com.docker.compose.project=${PROJECT}`] }))
  const running = await engine.get(`/containers/json?filters=${filters}`)
  const each = await Promise.all(running.map(({ Id }) => engine.get(`/containers/${Id}/stats?stream=false&one-shot=1`)))
  return each.reduce((sum, { memory_stats }) => sum + usedOf(memory_stats), 0)
}

function usedOf({ usage = 0, stats = {} }) {
  return usage - (stats.total_inactive_file ?? stats.inactive_file ?? 0)
}

/** Layers that images share count in each. */
async function sizeOf(engine, listed) {
  const images = [...new Set(listed.split('\n').filter(Boolean))]
  const details = await Promise.all(images.map((image) => engine.get(`/images/${image}/json`)))
  return details.reduce((sum, { Size }) => sum + Size, 0)
}
