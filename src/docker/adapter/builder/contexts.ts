import { randomUUID } from 'node:crypto'
import type { BuildOptions, BuildSpec, NamedContext } from '../../port.ts'
import { ignoring } from '../http/link.ts'
import { removeImage } from '../images.ts'
import { buildkit } from './buildkit.ts'
import { offersBuildKit } from './choose-builder.ts'
import { classic } from './classic.ts'
import { readDockerfile } from './dockerfile.ts'
import type { Builder, Prepared } from './types.ts'

/** The images that replace a build's named contexts, by context name. */
export interface ContextImages {
  images: Record<string, string>
  /** Removes the tags created for the contexts; the builder's cache keeps their content. */
  forget(): Promise<void>
}

/**
 * The engine's POST /build does not support named contexts. Each directory therefore becomes an image that contains only its files,
 * and the Dockerfile refers to that image.
 */
export async function imagesOf(
  builder: Builder,
  { contexts = {} }: BuildSpec,
  options: BuildOptions,
): Promise<ContextImages> {
  const made: string[] = []
  const forget = async () => {
    for (const tag of made) await ignoring([404, 409], removeImage(builder.link, tag))
  }
  const images: Record<string, string> = {}
  try {
    for (const [name, context] of Object.entries(contexts))
      images[name] = await imageOf(builder, context, options, made)
  } catch (thrown) {
    await forget()
    throw thrown
  }
  return { images, forget }
}

const EVERYTHING = 'FROM scratch\nCOPY . /\n'

async function imageOf(
  builder: Builder,
  context: NamedContext,
  options: BuildOptions,
  made: string[],
): Promise<string> {
  if (context.kind === 'image') return context.reference
  const tag = `flotilla-context:${randomUUID()}`
  const plain = { args: {}, labels: {}, cacheFrom: [], extraHosts: [], noCache: false, pull: false }
  const spec = { ...plain, context: context.path, dockerfile: 'Dockerfile', dockerfileInline: EVERYTHING, tags: [tag] }
  const prepared: Prepared = { spec, options, dockerfile: readDockerfile(spec) }
  const { buildkit: modern } = await offersBuildKit(builder.link, options.signal)
  await (modern ? buildkit(builder, prepared) : classic(builder, prepared))
  made.push(tag)
  return tag
}
