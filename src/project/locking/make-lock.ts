import { capabilityOf } from '../../backend/capability.ts'
import type { ImageFacts } from '../../backend/read/look.ts'
import { StackError, unwrap } from '../../diagnostics/checked.ts'
import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import type { Loaded } from '../../load/loaded.ts'
import { contentId } from '../../lockfile/content-id.ts'
import { imageKey, type Lock, type LockedImage } from '../../lockfile/model.ts'
import { portableStack } from '../../lockfile/portable.ts'
import type { Stack } from '../../stack/model.ts'
import { imageName } from '../../stack/names.ts'
import type { Project } from '../project.ts'
import { notedBuilds } from './builds.ts'
import { hashedFiles } from './files.ts'

/** Stands for the content of an image that is not there. */
export const NOT_THERE = '(not on this engine)'

export interface LockOptions {
  /** Flotilla's own. */
  version: string
  /** Whether an image that the backend does not have becomes a fact, instead of a StackError. */
  mayLack?: boolean
  /** An earlier lock: an image with a digest in its name, which the engine does not know by it, is found by its locked content. */
  known?: Lock
}

/** The lock of a stack as it is now on this machine, with the images that its backend has. Throws a StackError. */
export async function makeLock(project: Project, loaded: Loaded, options: LockOptions): Promise<Lock> {
  const { stack, sensitive } = loaded
  const reader = await project.reader()
  const [engine, images, { files, unhashed }, builds, variables] = await Promise.all([
    reader.version(project.signal),
    imagesOf(project, loaded, options),
    hashedFiles(loaded, project.signal),
    notedBuilds(loaded, project),
    variableNames(project, loaded),
  ])
  const digests = images.flatMap(({ key, facts }) => (facts?.digests.length ? [[key, facts.digests] as const] : []))
  return {
    images: Object.fromEntries(images.map(({ key, facts }) => [key, lockedImage(facts)])),
    stack: portableStack(stack, sensitive),
    files,
    noted: {
      flotilla: options.version,
      engine: engine.version,
      ...(digests.length > 0 && { digests: Object.fromEntries(digests.map(([key, all]) => [key, [...all].sort()])) }),
      ...(Object.keys(builds).length > 0 && { builds }),
      ...(variables.length > 0 && { variables }),
      ...(unhashed.length > 0 && { unhashed }),
    },
  }
}

/** An image that a stack uses, under its key in a lock. */
export interface UsedImage {
  key: string
  /** The name on the backend. */
  reference: string
  /** The first service that uses it. */
  service: string
}

/** Every image that containers of the stack are created from or mount, sorted by key. */
export function usedImages(stack: Stack): UsedImage[] {
  const all = Object.entries(stack.services).flatMap(([service, spec]): UsedImage[] => {
    const others = [
      ...(spec.volumes ?? []).flatMap(({ type, source }) => (type === 'image' ? (source ?? []) : [])),
      ...(spec.pre_start ?? []).flatMap(({ image }) => image ?? []),
    ].map((reference) => ({ key: reference, reference, service }))
    if (spec.provider) return others
    return [{ key: imageKey(service, spec.image), reference: imageName(stack, service, spec), service }, ...others]
  })
  const byKey = new Map(all.reverse().map((image) => [image.key, image]))
  return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
}

interface FoundImage extends UsedImage {
  facts: ImageFacts | undefined
}

async function imagesOf(
  project: Project,
  { stack, spanOf }: Loaded,
  { mayLack, known }: LockOptions,
): Promise<FoundImage[]> {
  const look = capabilityOf(await project.reader(), 'look')
  const found = await Promise.all(
    usedImages(stack).map(async (image) => {
      const content = image.reference.includes('@') ? known?.images[image.key]?.content : undefined
      const named = await look.image(image.reference, project.signal)
      const facts = named ?? (content ? await look.imageWithContent(content, project.signal) : undefined)
      return { ...image, facts }
    }),
  )
  const missing = found.filter(({ facts }) => facts === undefined)
  if (missing.length > 0 && !mayLack) throw new StackError(missing.map((image) => notThere(image, stack, spanOf)))
  return found
}

function notThere({ service, reference }: UsedImage, { services }: Stack, spanOf: Loaded['spanOf']): Diagnostic {
  const isBuilt = services[service]?.build !== undefined
  const at = spanOf(`services.${service}.image`) ?? spanOf(`services.${service}`)
  const hint = `${ownCommand(`${isBuilt ? 'build' : 'pull'} ${service}`)} gets it`
  return error('image-unavailable', `image ${foreign(reference)} of service "${service}" is not on this engine`, {
    at,
    hint,
  })
}

function lockedImage(facts: ImageFacts | undefined): LockedImage {
  if (!facts) return { content: NOT_THERE, platform: NOT_THERE }
  const { os, architecture, variant } = facts
  return { content: contentId(facts), platform: [os, architecture, variant].filter(Boolean).join('/') }
}

/** The names, never the values. */
async function variableNames(project: Project, { sources }: Loaded): Promise<string[]> {
  const [{ input, directory }, { usedVariables }, { readVariables }] = await Promise.all([
    project.files(),
    import('../../load/variable/used-variables.ts'),
    import('../../load/variable/variables.ts'),
  ])
  const variables = unwrap(readVariables(input, project.disk, directory))
  return usedVariables(sources, variables).map(({ name }) => name)
}
