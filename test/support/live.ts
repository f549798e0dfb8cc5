import { randomBytes } from 'node:crypto'
import { homedir } from 'node:os'
import { StackError } from '../../src/diagnostics/checked.ts'
import { connect } from '../../src/docker/connect.ts'
import type { Environment } from '../../src/docker/endpoint.ts'
import { type Engine, EngineError } from '../../src/docker/port.ts'

/** The label by which everything of a project is found. */
const PROJECT = 'com.docker.compose.project'

/** This process's own surroundings. */
export function thisEnvironment(): Environment {
  const uid = process.getuid?.()
  return { env: process.env, home: homedir(), platform: process.platform, ...(uid === undefined ? {} : { uid }) }
}

export type Live = { engine: Engine } | { skip: string }

/** The engine that the user means, or why the tests that need one must be skipped. */
export async function liveEngine(): Promise<Live> {
  try {
    const engine = await connect(thisEnvironment())
    await engine.version()
    return { engine }
  } catch (error) {
    if (error instanceof StackError) return { skip: error.message }
    throw error
  }
}

/** Runs with a project name that nobody else has; removes everything labelled with it afterwards, whatever happened. */
export async function withProject<T>(
  engine: Engine,
  body: (scope: { engine: Engine; project: string; labels: Record<string, string> }) => Promise<T>,
): Promise<T> {
  const project = `flotilla-test-${randomBytes(4).toString('hex')}`
  try {
    return await body({ engine, project, labels: { [PROJECT]: project } })
  } finally {
    await removeProject(engine, project)
  }
}

/** Containers, networks and volumes of a project: three empty lists after `down -v`. */
export function remainsOf(engine: Engine, project: string): Promise<[unknown[], unknown[], unknown[]]> {
  const filter = { labels: [`${PROJECT}=${project}`] }
  return Promise.all([engine.listContainers(filter), engine.listNetworks(filter), engine.listVolumes(filter)])
}

export async function removeProject(engine: Engine, project: string): Promise<void> {
  const filter = { labels: [`${PROJECT}=${project}`] }
  for (const { id } of await engine.listContainers(filter))
    await engine.removeContainer(id, { force: true, volumes: true })
  for (const { id } of await engine.listNetworks(filter)) await leftAlone(engine.removeNetwork(id))
  for (const { name } of await engine.listVolumes(filter)) await leftAlone(engine.removeVolume(name))
}

/** Another container of the same test may hold it, or the engine may have leaked an endpoint. */
async function leftAlone(removal: Promise<void>): Promise<void> {
  try {
    await removal
  } catch (error) {
    if (!(error instanceof EngineError && error.status !== undefined)) throw error
  }
}
