import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, delimiter, dirname, join, relative } from 'node:path'
import { capabilityOf } from '../../../backend/capability.ts'
import type { ImageTransfer } from '../../../backend/transfer.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { foreign } from '../../../diagnostics/foreign.ts'
import { FOUND_NAMES } from '../../../load/discover/found-names.ts'
import type { VerifiedPack } from '../../../pack/types.ts'
import type { Stack } from '../../../stack/model.ts'
import { Project } from '../../project.ts'
import { takeLock } from '../../with-lock.ts'
import { checkReach } from './check-servers.ts'
import { checkVolumes } from './check-volumes.ts'
import { type Filling, fillVolumes, type Held, homesOfDumps, markForDumps } from './data.ts'
import { loadDumps, takeDown } from './dumps.ts'
import { asProblem, stageFiles } from './files.ts'
import { expectedImages, unusedNames } from './image-names.ts'
import { checkPlatform, type ImageIds, loadImages } from './images.ts'
import { type Marker, readMarker, removeMarker, writeMarker } from './marker.ts'
import { type Places, placesFor } from './places.ts'
import { freshSecrets, type Secrets } from './secrets.ts'

export interface UnpackOptions {
  pack: VerifiedPack
  /** The folder to make; absolute. It does not exist, or is empty. */
  destination: string
  /** Whether names may move from other images to those of the pack. */
  replaceTags: boolean
  say(text: string): void
}

export interface Unpacked {
  secrets: Secrets
  /** The folder of the stack file; absolute. */
  folder: string
  /** Folders that the stack file looks for at an absolute path, and where they are now. */
  astray: { source: string; place: string }[]
}

/**
 * Unpacks a stack: files beside the destination, images, volumes, databases; the folder's new name comes last, and then the volumes are
 * released. Until then nothing of it counts as whole: `up` refuses volumes that are held, and the next `unpack` removes what is left over
 * and begins again. On failure all of it is undone, except for images, which then have no new names or are whole.
 * @param project supplies the machine, the backend and the project name, if one is given
 */
export async function unpack(project: Project, options: UnpackOptions): Promise<Unpacked> {
  const { pack, destination } = options
  const places = placesFor(dirname(destination), basename(destination), pack.index)
  const unpacking = { ...options, places, staged: stagedProject(project, places, stackFilesIn(pack)) }
  return alone(project, destination, async () => {
    const secrets = (await isFinished(unpacking)) ? NO_SECRETS : await unpackAll(project, unpacking)
    return { secrets, ...placed(unpacking) }
  })
}

const NO_SECRETS: Secrets = { fresh: [], missing: [] }

/** While no other command unpacks into the same folder. */
async function alone<T>(project: Project, destination: string, work: () => Promise<T>): Promise<T> {
  const wait = { signal: project.signal, onWait: () => undefined }
  const lock = { ...wait, backend: await project.backendKind() }
  const release = await project.runtime.lock(`unpack\0${destination}`, 'unpack', lock)
  try {
    return await work()
  } finally {
    await release()
  }
}

async function unpackAll(project: Project, unpacking: Unpacking): Promise<Secrets> {
  const { pack, places, staged } = unpacking
  const { images } = capabilityOf(await project.reader(), 'transfer')
  await checkPlatform(images, pack.index, project.signal)
  try {
    await stageFiles(pack, places, project.signal)
    const secrets = await stageSecrets(project, unpacking)
    const release = await takeLock(staged, { command: 'unpack' }, 'unpack')
    try {
      const { stack } = await staged.loaded()
      checkVolumes(stack, pack.index)
      checkReach(stack, pack.index, places.root)
      await fillAndFinish(unpacking, await loadAll(images, stack, unpacking))
      return secrets
    } finally {
      await release()
    }
  } finally {
    await rm(places.staging, { recursive: true, force: true })
  }
}

async function loadAll(images: ImageTransfer, stack: Stack, unpacking: Unpacking): Promise<ImageIds> {
  const { pack, staged, replaceTags, say } = unpacking
  const expected = expectedImages(stack, pack.index)
  const ids = await loadImages(images, pack, { expected, replaceTags, signal: staged.signal })
  if (ids.size > 0) say(`Loaded ${pack.index.images.length} images`)
  for (const name of unusedNames(expected, pack.index))
    say(`No image gets the name ${foreign(name)}: the stack does not use it`)
  return ids
}

/** A project name that was given, and stack files of other names, go into `.env`, so that later commands find them. */
async function stageSecrets({ source, runtime }: Project, { pack, places }: Unpacking): Promise<Secrets> {
  const { stackFiles } = pack.index
  const isFound = stackFiles.length === 1 && FOUND_NAMES.includes(stackFiles[0] ?? '')
  const settings = {
    ...(source.projectName !== undefined && { COMPOSE_PROJECT_NAME: source.projectName }),
    ...(!isFound && { COMPOSE_FILE: stackFiles.join(delimiter) }),
  }
  try {
    return await freshSecrets(pack.index.secrets, places, runtime.env, settings)
  } catch (thrown) {
    throw asProblem(thrown)
  }
}

interface Unpacking extends UnpackOptions {
  places: Places
  /** The project of the files in the staging folder. */
  staged: Project
}

function placed({ destination, places }: Unpacking) {
  const { root, stack, astray } = places
  const folder = join(destination, relative(root, stack))
  return { folder, astray: astray.map(({ path, source }) => ({ source, place: join(destination, path) })) }
}

/** Variables that select other files than those of the pack. */
const SELECTING = [
  'COMPOSE_FILE',
  'COMPOSE_PATH_SEPARATOR',
  'COMPOSE_ENV_FILES',
  'COMPOSE_PROFILES',
  'COMPOSE_DISABLE_ENV_FILE',
]

/** Relative to the stack's folder. */
function stackFilesIn({ index, members }: VerifiedPack): string[] {
  const paths = new Set(members.map(({ path }) => path))
  const absent = index.stackFiles.filter((file) => !paths.has(`data/stack/${file}`))
  if (absent.length === 0) return [...index.stackFiles]
  throw new StackError(
    absent.map((file) => error('unpack-failed', `the pack does not hold its stack file ${foreign(file)}`)),
  )
}

function stagedProject(project: Project, { stack }: Places, stackFiles: string[]): Project {
  const { runtime, source, signal, clock, listener, confirm } = project
  const env = Object.fromEntries(Object.entries(runtime.env).filter(([name]) => !SELECTING.includes(name)))
  const { projectName, backend } = source
  return new Project(
    { ...runtime, env, cwd: stack },
    {
      source: { file: stackFiles, envFile: [], profile: [], projectName, backend },
      ...{ signal, clock, listener },
      ...(confirm && { confirm }),
    },
  )
}

/** Whether an earlier command did all but the end; then that is done now. Throws a StackError if something else is in the way. */
async function isFinished({ pack, destination, staged, say }: Unpacking): Promise<boolean> {
  const marker = await readMarker(destination)
  if (marker?.content === pack.index.content) {
    say('An earlier command was interrupted at the end')
    await finish(staged, destination, marker)
    return true
  }
  const there = await lstat(destination).catch(() => undefined)
  if (there && !(there.isDirectory() && (await readdir(destination)).length === 0))
    throw new StackError([
      error('unpack-failed', `${destination} exists already`, { hint: 'name another folder with --output' }),
    ])
  await mkdir(dirname(destination), { recursive: true })
  return false
}

async function finish(project: Project, destination: string, { project: name, volumes }: Marker): Promise<void> {
  const { volumes: transfer } = capabilityOf(await project.reader(), 'transfer')
  for (const { id } of volumes) await transfer.release(name, id, project.signal)
  await removeMarker(destination)
}

async function fillAndFinish(unpacking: Unpacking, imageIds: ImageIds): Promise<void> {
  const { pack, destination, places, staged, say } = unpacking
  const { stack } = await staged.loaded()
  const transfer = capabilityOf(await staged.reader(), 'transfer')
  const filling: Filling = { project: staged, stack, pack, transfer, imageIds, say }
  const held: Held = new Map()
  await homesOfDumps(filling)
  await checkContainers(filling)
  try {
    await fillVolumes(filling, held)
    await markForDumps(filling, held)
    await loadDumps(filling, held)
    const marker = {
      content: pack.index.content,
      project: stack.name,
      volumes: [...held].map(([name, { id }]) => ({ name, id })),
    }
    await writeMarker(places.root, marker)
    staged.signal.throwIfAborted()
    await rename(places.root, destination)
  } catch (thrown) {
    await undo(filling, held)
    throw asProblem(thrown)
  }
  for (const volume of held.values()) await volume.release()
  await removeMarker(destination)
}

/** Containers that a killed `unpack` left are taken down; others are in the way. */
async function checkContainers({ project, stack }: Filling): Promise<void> {
  const replicas = await (await project.reader()).list(stack.name, { all: true }, project.signal)
  const others = replicas.filter(({ origin }) => origin.workingDir !== stack.origin.workingDir)
  if (others.length > 0) {
    const hint = 'choose another project name with -p, or take it down first'
    const names = others.map(({ name }) => name).join(', ')
    throw new StackError([
      error('foreign-resource', `project "${stack.name}" has containers already: ${names}`, { hint }),
    ])
  }
  if (replicas.length > 0) await takeDown(project)
}

/** Without the signal, which may be why. */
async function undo({ pack, project }: Filling, held: Held): Promise<void> {
  if (pack.index.dumps.length > 0 && !project.signal.aborted) await takeDown(project).catch(() => undefined)
  for (const volume of held.values()) await volume.undo().catch(() => undefined)
}
