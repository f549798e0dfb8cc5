import { randomBytes } from 'node:crypto'
import { readTar } from '../../../archive/read-tar.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { foreign } from '../../../diagnostics/foreign.ts'
import { type Engine, EngineError } from '../../../docker/port.ts'
import type { ContainerSpec } from '../../../docker/spec.ts'
import { COMPOSE, OURS } from '../../docker/labels.ts'
import type { PackagedImage, PackageReader } from '../../read/packages.ts'
import { createHolder, removeHolder } from '../transfer/holders.ts'
import { ATTEMPTS } from './package-script.ts'

export function packageReader(engine: Engine): PackageReader {
  return {
    files: (image, paths, signal) => filesOf(engine, image, paths, signal),
    lines: (image, signal) => linesOf(engine, image, AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)])),
  }
}

/** For an interpreter; R with a thousand packages needs some seconds. */
const LONGEST_MS = 120_000
/** Bytes of a file, and of what is printed. */
const LARGEST = 64 * 1024 * 1024

async function filesOf(engine: Engine, place: PackagedImage, paths: readonly string[], signal: AbortSignal) {
  const holder = await createHolder(engine, place, { labels: { [OURS.reading]: place.project } }, signal)
  try {
    const found: [string, string][] = []
    for (const path of paths) {
      const text = await textAt(engine, holder, path, signal)
      if (text !== undefined) found.push([path, text])
    }
    return Object.fromEntries(found)
  } finally {
    await removeHolder(engine, holder)
  }
}

async function textAt(engine: Engine, id: string, path: string, signal: AbortSignal): Promise<string | undefined> {
  if (!(await engine.statPath(id, path, signal))) return undefined
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const { content } of readTar(await engine.getArchive(id, path, signal))) {
    for await (const chunk of content) {
      chunks.push(chunk)
      size += chunk.length
      if (size > LARGEST) throw tooLarge(path)
    }
    chunks.push(Buffer.from('\n\n'))
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function linesOf(engine: Engine, place: PackagedImage, signal: AbortSignal): Promise<string[]> {
  for (const words of ATTEMPTS) {
    const lines = await attempt(engine, place, words, signal)
    if (lines) return lines
  }
  return []
}

/** Undefined if the image lacks the program. */
async function attempt(engine: Engine, place: PackagedImage, words: readonly string[], signal: AbortSignal) {
  signal.throwIfAborted()
  const name = `flotilla-packages-${randomBytes(8).toString('hex')}`
  const { id } = await engine.createContainer(name, specOf(place, words))
  try {
    await engine.startContainer(id)
    return await outputOf(engine, id, signal)
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.isRefusal) return undefined
    throw thrown
  } finally {
    await removeHolder(engine, id)
  }
}

/** The labels of an image that Compose built would make the container one of its project. */
function specOf({ image, project }: PackagedImage, [program = '', ...words]: readonly string[]): ContainerSpec {
  return {
    Image: image,
    Entrypoint: [program],
    Cmd: words,
    Healthcheck: { Test: ['NONE'] },
    Labels: { [OURS.reading]: project, [COMPOSE.project]: '' },
    HostConfig: {
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      LogConfig: { Type: 'json-file', Config: {} },
    },
  }
}

async function outputOf(engine: Engine, id: string, signal: AbortSignal): Promise<string[]> {
  const lines: string[] = []
  let size = 0
  for await (const { stream, text } of engine.logs(id, { follow: true, timestamps: false }, signal)) {
    if (stream === 'stdout') lines.push(text)
    size += text.length
    if (size > LARGEST) throw tooLarge('the list of packages')
  }
  return lines
}

function tooLarge(what: string): StackError {
  return new StackError([error('engine-error', `${foreign(what)} in an image is larger than 64 MiB`)])
}
