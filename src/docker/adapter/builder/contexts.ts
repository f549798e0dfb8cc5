import { randomUUID } from 'node:crypto'
import type { BuildOptions, BuildSpec, NamedContext } from '../../port.ts'
import { ignoring } from '../http/link.ts'
import { removeImage } from '../images.ts'
import { buildkit } from './buildkit.ts'
import { offersBuildKit } from './choose-builder.ts'
import { classic } from './classic.ts'
import { readDockerfile } from './dockerfile.ts'
import type { Builder, Prepared } from './types.ts'

/** Images that stand for a build's named contexts, by name. */
export interface ContextImages {
  images: Record<string, string>
  /** Takes the names of those away that were made for it; the builder's cache keeps what is in them. */
  forget(): Promise<void>
}

/**
 * The engine's own way to build (POST /build) knows no named contexts. A directory therefore becomes an image with nothing else in it,
 * and the Dockerfile refers to that.
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
