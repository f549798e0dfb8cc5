// The engine as the bench sees it from beside: is the stack there that a command made, and is everything gone at the end?
import { tsImport } from 'tsx/esm/api'
import { ensureEngine } from '../scripts/engine.mjs'
import { UserError } from '../scripts/lib/process.mjs'

const PROJECT = 'com.docker.compose.project'

/** The engine's port, its socket, and the image that all services run. */
export async function openEngine(log) {
  const { host } = await ensureEngine({ log })
  if (!host.startsWith('unix://')) throw new UserError(`The bench needs an engine behind a Unix socket, not ${host}.`)
  const [{ liveEngine, removeProject }, { ensureScratchImage }] = await Promise.all([
    tsImport('../test/support/live.ts', import.meta.url),
    tsImport('../test/support/scratch-image.ts', import.meta.url),
  ])
  const live = await liveEngine()
  if (!live.engine) throw new UserError(live.skip)
  const image = await ensureScratchImage(live.engine)
  return {
    port: live.engine,
    socket: host.slice('unix://'.length),
    image,
    remove: (project) => removeFully(live.engine, removeProject, project),
  }
}

/** What a killed command had asked for may still appear: looked at until nothing is left. */
async function removeFully(engine, removeProject, project) {
  for (let looks = 0; looks < 5; looks++) {
    const left = await engine.listContainers({ labels: [`${PROJECT}=${project}`] })
    const networks = await engine.listNetworks({ labels: [`${PROJECT}=${project}`] })
    if (left.length + networks.length === 0) return
    await removeProject(engine, project)
  }
}

/** Throws unless a project has that many containers, all of them running. */
export async function expectRunning(engine, project, count) {
  const found = await engine.listContainers({ labels: [`${PROJECT}=${project}`] })
  const running = found.filter((each) => each.state === 'running')
  if (found.length === count && running.length === count) return
  throw new UserError(
    `Project ${project} has ${found.length} containers, ${running.length} of them running, instead of ${count}.`,
  )
}
