import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import type { Engine, ImageDetail } from '../../../docker/port.ts'
import type { ExpectedImage, ImageContent, ImageTransfer, LoadOptions } from '../../transfer.ts'
import { sent } from './sent.ts'

export function imageTransfer(engine: Engine): ImageTransfer {
  return {
    async find(reference, signal) {
      const found = await engine.inspectImage(reference, signal)
      return found && contentOf(found)
    },
    out: (references, signal) => engine.saveImages(references, signal),
    in: (archiveOf, expected, options) => load(engine, archiveOf, expected, options),
    moved: (expected, options) => moved(engine, expected, options),
    async platform(signal) {
      const { os, arch } = await engine.version(signal)
      return `${os}/${arch}`
    },
  }
}

function contentOf(detail: ImageDetail): ImageContent {
  const { id, tags, digests, size, os, architecture, variant = '', created = '', layers, config } = detail
  return { id, tags, digests, size, os, architecture, variant, created, layers, config }
}

type Matching = Pick<LoadOptions, 'contentIdOf' | 'signal'>

/** Image ids by content id. */
type Found = Map<string, string>

async function load(
  engine: Engine,
  archiveOf: (missing: readonly ExpectedImage[]) => AsyncIterable<Uint8Array>,
  expected: readonly ExpectedImage[],
  options: LoadOptions,
): Promise<Found> {
  const found: Found = new Map()
  const candidates = expected.flatMap(({ ids, tags }) => [...ids, ...tags])
  await match(engine, candidates, options, found)
  const missing = expected.filter(({ contentId }) => !found.has(contentId))
  const before = new Set((await engine.listImages(options.signal)).map(({ id }) => id))
  const arrived = new Set(missing.flatMap(({ ids }) => ids))
  try {
    if (missing.length > 0) await loadMissing(engine, { archive: archiveOf(missing), missing, arrived, found }, options)
    await giveNames(engine, expected, found, options)
  } catch (thrown) {
    await undo(engine, arrived, before)
    throw thrown
  }
  return found
}

/** Loading takes minutes: meanwhile others may give the names to other images. */
async function giveNames(
  engine: Engine,
  expected: readonly ExpectedImage[],
  found: Found,
  options: LoadOptions,
): Promise<void> {
  options.beforeMove?.(await moved(engine, expected, options))
  for (const { contentId, tags } of expected) {
    for (const tag of tags) {
      options.signal.throwIfAborted()
      const id = found.get(contentId) ?? ''
      const there = await engine.inspectImage(tag, options.signal)
      if (there?.id === id) continue
      if (there && options.contentIdOf(contentOf(there)) !== contentId) options.beforeMove?.([tag])
      await engine.tagImage(id, tag)
    }
  }
}

/** Looks at images by name or id, and remembers those that have a content id. */
async function match(engine: Engine, candidates: Iterable<string>, options: Matching, found: Found): Promise<void> {
  for (const candidate of new Set(candidates)) {
    const image = await engine.inspectImage(candidate, options.signal)
    if (image) found.set(options.contentIdOf(contentOf(image)), image.id)
  }
}

interface Loading {
  archive: AsyncIterable<Uint8Array>
  missing: readonly ExpectedImage[]
  /** Ids and names of what the engine loaded are added. */
  arrived: Set<string>
  found: Found
}

async function loadMissing(
  engine: Engine,
  { archive, missing, arrived, found }: Loading,
  options: LoadOptions,
): Promise<void> {
  const { ids, names } = await sent(archive, (source) => engine.loadImages(source, options))
  for (const id of [...ids, ...names]) arrived.add(id)
  await match(engine, arrived, options, found)
  const absent = missing.filter(({ contentId }) => !found.has(contentId))
  if (absent.length > 0) throw notThere(absent)
}

function notThere(absent: readonly ExpectedImage[]): StackError {
  const names = absent.map(({ tags, contentId }) => tags[0] ?? contentId).sort()
  const hint = 'the engine reported no error; its log may say why. Nothing of what it loaded is kept'
  return new StackError(
    names.map((name) => error('engine-error', `the engine does not have ${name} as the pack holds it`, { hint })),
  )
}

/** Removes the images that were not there before and that nobody else has named or used meanwhile. */
async function undo(engine: Engine, arrived: ReadonlySet<string>, before: ReadonlySet<string>): Promise<void> {
  const now = await engine.listImages().catch(() => [])
  for (const { id, tags } of now)
    if (arrived.has(id) && !before.has(id) && tags.length === 0) await engine.removeImage(id).catch(() => undefined)
}

async function moved(engine: Engine, expected: readonly ExpectedImage[], options: Matching): Promise<string[]> {
  const names: string[] = []
  for (const { contentId, tags } of expected) {
    for (const tag of tags) {
      const there = await engine.inspectImage(tag, options.signal)
      if (there && options.contentIdOf(contentOf(there)) !== contentId) names.push(tag)
    }
  }
  return names.sort()
}
