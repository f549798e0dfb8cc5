import type { BuildOptions, BuildSpec, FailedStep } from '../../port.ts'
import { buildkit } from './buildkit.ts'
import { offersBuildKit, pickBuilder } from './choose-builder.ts'
import { classic } from './classic.ts'
import { imagesOf } from './contexts.ts'
import { type Dockerfile, readDockerfile, withContexts } from './dockerfile.ts'
import { failedLine } from './failed-line.ts'
import { isContainerd, withinStore } from './image-store.ts'
import { isRemote } from './remote.ts'
import type { Builder, Prepared } from './types.ts'

/** POST /build. */
export async function buildImage(
  builder: Builder,
  spec: BuildSpec,
  options: BuildOptions,
): Promise<{ imageId: string }> {
  try {
    const dockerfile = isRemote(spec.context) ? undefined : readDockerfile(spec)
    const facts = await offersBuildKit(builder.link, options.signal)
    const picked = pickBuilder(spec, dockerfile?.text, facts, options)
    const contexts = await imagesOf(builder, spec, options)
    try {
      const prepared: Prepared = {
        spec: await withinReach(builder, spec, options, picked),
        options: withSource(options, dockerfile),
        ...(dockerfile && { dockerfile: withNames(dockerfile, contexts.images) }),
      }
      return await (picked === 'buildkit' ? buildkit(builder, prepared) : classic(builder, prepared))
    } finally {
      await contexts.forget()
    }
  } catch (error) {
    throw builder.link.failure(error, options.signal)
  }
}

/** The request without what this builder cannot do; reports what is left out. */
async function withinReach(
  { link }: Builder,
  spec: BuildSpec,
  options: BuildOptions,
  picked: 'buildkit' | 'classic',
): Promise<BuildSpec> {
  const kept = picked === 'buildkit' ? await withinStore(link, spec, options) : spec
  const { repeatable, ...plain } = kept
  if (repeatable === undefined || (picked === 'buildkit' && (await isContainerd(link, options.signal)))) return kept
  options.onUnrepeatable?.(UNREPEATABLE)
  return plain
}

const UNREPEATABLE =
  'the builder of this engine keeps the times at which files are written (its image store is not that of containerd)'

/** Adds to a failure where in the Dockerfile the build failed. */
function withSource(options: BuildOptions, dockerfile: Dockerfile | undefined): BuildOptions {
  const { onFailed } = options
  if (!onFailed || !dockerfile) return options
  const reported = (failed: FailedStep) => {
    const source = failedLine(dockerfile, failed)
    onFailed({ ...failed, ...(source && { source }) })
  }
  return { ...options, onFailed: reported }
}

function withNames(dockerfile: Dockerfile, images: Record<string, string>): Dockerfile {
  return { ...dockerfile, text: withContexts(dockerfile.text, images) }
}
