import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../src/backend/docker/labels.ts'
import type { ContainerDetail, Engine, ImageDetail } from '../../src/docker/port.ts'
import { ensureBuilt, flotilla, launch, type Ran, type Running } from '../support/cli.ts'
import { withFolder } from '../support/folder.ts'
import { liveEngine, withProject } from '../support/live.ts'
import { ensureScratchImage, SCRATCH_IMAGE } from '../support/scratch-image.ts'
import { engineSocket } from './proxy.ts'

/** A folder with a stack file, and a project name that nobody else has. */
export interface Scene {
  engine: Engine
  project: string
  folder: string
  /** The engine's own socket, where it is reached by one. */
  socket: string | undefined
  /** Of every command line, beside the tests' own. */
  env: Record<string, string>
  /** Writes the stack file: YAML, or data that is written as JSON. */
  stack(content: string | object): Promise<void>
  write(path: string, content: string): Promise<void>
  /** Runs the command line to its end. */
  run(...args: string[]): Promise<Ran>
  launch(...args: string[]): Running
  /** Every container of the project, by name without the project's: `web-1`. */
  containers(): Promise<Record<string, ContainerDetail>>
  container(name: string): Promise<ContainerDetail>
  /** What a command prints in a running container. */
  inside(name: string, ...command: string[]): Promise<string>
}

export const FILE = 'compose.yaml'

/** The first process of a container that ends at once when it is asked to. */
export const STAYS = { image: SCRATCH_IMAGE, init: true, command: ['sleep', '1000'] }

/** The same for a service that is built: its image gets a name of the project, never the one that all tests share. */
export const BUILT = { init: true, command: STAYS.command }

/** A shell script as the command of a service that ends at once when it is asked to. */
export function shell(script: string): { image: string; init: boolean; command: string[] } {
  return { ...STAYS, command: ['sh', '-c', script.replaceAll('$', '$$$$')] }
}

export type SceneTest = (name: string, body: (scene: Scene) => Promise<void>) => void

/** Registers tests that get a scene of their own; they are skipped, with the reason, where no engine answers. */
export async function scenes(): Promise<SceneTest> {
  const live = await liveEngine()
  if ('skip' in live) {
    console.log(`skipped: ${live.skip}`)
    return (name) => test.skip(name)
  }
  ensureBuilt()
  await ensureScratchImage(live.engine)
  return (name, body) => test(name, () => withScene(live.engine, body))
}

/** The same for tests that stand between the command line and the engine's socket: skipped too where there is none. */
export async function socketScenes(): Promise<SceneTest> {
  if (await engineSocket()) return scenes()
  console.log('skipped: the engine is not reached by a socket')
  return (name) => test.skip(name)
}

/** Everything that carries the project's name is removed afterwards, anonymous volumes too. */
export async function withScene<T>(engine: Engine, body: (scene: Scene) => Promise<T>): Promise<T> {
  return withProject(engine, ({ project }) =>
    withFolder({}, async (folder) => {
      const volumes = volumeLedger(engine, project)
      const shared = await engine.inspectImage(SCRATCH_IMAGE)
      try {
        return await body(sceneIn(engine, project, folder, await engineSocket(), volumes.look))
      } finally {
        await volumes.removeAll()
        await isUntouched(engine, shared)
      }
    }),
  )
}

/** Tests that run at the same time would find that their image has changed. */
async function isUntouched(engine: Engine, shared: ImageDetail | undefined): Promise<void> {
  const now = await engine.inspectImage(SCRATCH_IMAGE)
  assert.is(now?.id, shared?.id, `a test built over ${SCRATCH_IMAGE}: a service with a build needs an image of its own`)
}

function sceneIn(
  engine: Engine,
  project: string,
  folder: string,
  socket: string | undefined,
  lookForVolumes: () => Promise<void>,
): Scene {
  const env: Record<string, string> = {
    COMPOSE_PROJECT_NAME: project,
    XDG_STATE_HOME: join(folder, '.state'),
    XDG_DATA_HOME: join(folder, '.data'),
  }
  const write = async (path: string, content: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  const containers = () => containersOf(engine, project)
  const container = async (name: string) => {
    const all = await containers()
    const found = all[name]
    if (!found) throw new Error(`there is no ${name}, but ${Object.keys(all).join(', ') || 'nothing'}`)
    return found
  }
  return {
    engine,
    project,
    folder,
    socket,
    env,
    write,
    stack: (content) => write(FILE, typeof content === 'string' ? content : JSON.stringify(content, null, 2)),
    async run(...args) {
      await lookForVolumes()
      return flotilla(args, { cwd: folder, env }).finally(lookForVolumes)
    },
    launch: (...args) => launch(args, { cwd: folder, env }),
    containers,
    container,
    async inside(name, ...cmd) {
      const { id } = await container(name)
      return (await engine.exec(id, { cmd }, AbortSignal.timeout(10_000))).output.trim()
    },
  }
}

/** Looks again and again until a condition holds; fails after a minute. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  const patience = AbortSignal.timeout(60_000)
  while (!(await condition())) {
    patience.throwIfAborted()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Holds that `plan` finds everything as it is wanted; a failure shows the changes that it found instead. */
export async function nothingToChange(run: Scene['run'], story = 'plan'): Promise<void> {
  const { code, stdout, stderr } = await run('plan')
  assert.is(code, 0, `${story}: ${stdout}${stderr}`)
}

export async function containersOf(engine: Engine, project: string): Promise<Record<string, ContainerDetail>> {
  const listed = await engine.listContainers({ labels: [`${COMPOSE.project}=${project}`] })
  const details = await Promise.all(listed.map(({ id }) => engine.inspectContainer(id)))
  const prefix = `${project}-`
  return Object.fromEntries(
    details.flatMap((each) =>
      each ? [[each.name.startsWith(prefix) ? each.name.slice(prefix.length) : each.name, each]] : [],
    ),
  )
}

/** Anonymous volumes carry no label: those that containers of a project were seen with, so that none outlives its test. */
function volumeLedger(engine: Engine, project: string): { look(): Promise<void>; removeAll(): Promise<void> } {
  const names = new Set<string>()
  const filter = { labels: [`${COMPOSE.project}=${project}`] }
  const look = async () => {
    for (const { mounts } of await engine.listContainers(filter))
      for (const { name = '' } of mounts) if (/^[0-9a-f]{64}$/.test(name)) names.add(name)
  }
  return {
    look,
    async removeAll() {
      await look()
      for (const { id } of await engine.listContainers(filter))
        await engine.removeContainer(id, { force: true, volumes: true })
      for (const name of names) await engine.removeVolume(name).catch(() => undefined)
    },
  }
}
