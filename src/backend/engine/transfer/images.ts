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

type Matching = Omit<LoadOptions, 'onMessage'>

/** Image ids by content id. */
type Found = Map<string, string>

async function load(
  engine: Engine,
  archiveOf: (missing: readonly ExpectedImage[]) => AsyncIterable<Uint8Array>,
  expected: readonly ExpectedImage[],
  options: LoadOptions,
): Promise<Found> {
  const { signal } = options
  const found: Found = new Map()
  await match(
    engine,
    expected.flatMap(({ ids, tags }) => [...ids, ...tags]),
    options,
    found,
  )
  const missing = expected.filter(({ contentId }) => !found.has(contentId))
  if (missing.length > 0) await loadMissing(engine, archiveOf(missing), missing, options, found)
  for (const { contentId, tags } of expected) {
    for (const tag of tags) {
      signal.throwIfAborted()
      const id = found.get(contentId) ?? ''
      if ((await engine.inspectImage(tag, signal))?.id !== id) await engine.tagImage(id, tag)
    }
  }
  return found
}

/** Looks at images by name or id, and remembers those that have a content id. */
async function match(engine: Engine, candidates: Iterable<string>, options: Matching, found: Found): Promise<void> {
  for (const candidate of new Set(candidates)) {
    const image = await engine.inspectImage(candidate, options.signal)
    if (image) found.set(options.contentIdOf(contentOf(image)), image.id)
  }
}

async function loadMissing(
  engine: Engine,
  archive: AsyncIterable<Uint8Array>,
  missing: readonly ExpectedImage[],
  options: LoadOptions,
  found: Found,
): Promise<void> {
  const before = new Set((await engine.listImages(options.signal)).map(({ id }) => id))
  const arrived = new Set(missing.flatMap(({ ids }) => ids))
  try {
    const { ids, names } = await sent(archive, (source) => engine.loadImages(source, options))
    for (const id of [...ids, ...names]) arrived.add(id)
    await match(engine, arrived, options, found)
    const absent = missing.filter(({ contentId }) => !found.has(contentId))
    if (absent.length > 0) throw notThere(absent)
  } catch (thrown) {
    await undo(engine, arrived, before)
    throw thrown
  }
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
