import { createHash } from 'node:crypto'
import type { Engine } from '../../docker/port.ts'
import { canonicalJson } from '../../plan/fingerprint.ts'
import type { Build, Stack } from '../../stack/model.ts'
import { imageName } from '../../stack/names.ts'
import type { Intent } from '../intent.ts'
import { OURS } from './labels.ts'

/** A hash of the parts of a build definition that affect the image's content, apart from the files; stored in a label of the image. */
export function buildDigest({ args, dockerfile, dockerfile_inline, target, additional_contexts }: Build): string {
  const text = canonicalJson({ args, dockerfile, dockerfile_inline, target, additional_contexts })
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** For each service whose image exists and is not being built: the source that changed since the image was built, by service name. */
export async function staleImages(
  engine: Engine,
  stack: Stack,
  signal: AbortSignal,
  intent?: Intent,
): Promise<Record<string, string>> {
  if (intent?.kind !== 'up' || intent.build || engine.location?.remote) return {}
  const found = await Promise.all(
    Object.entries(stack.services).map(async ([name, { build, pull_policy }]): Promise<[string, string][]> => {
      if (!build || pull_policy === 'build') return []
      const reference = imageName(stack, name, stack.services[name] ?? {})
      const changed = await changedSince(engine, stack, { build, reference }, signal)
      return changed === undefined ? [] : [[name, changed]]
    }),
  )
  return Object.fromEntries(found.flat())
}

async function changedSince(
  engine: Engine,
  { origin }: Stack,
  { build, reference }: { build: Build; reference: string },
  signal: AbortSignal,
): Promise<string | undefined> {
  const image = await engine.inspectImage(reference, signal)
  if (!image) return undefined
  const label = image.labels[OURS.build]
  if (label !== undefined && label !== buildDigest(build)) return 'its build definition'
  const built = Date.parse(image.tagged ?? '')
  if (Number.isNaN(built) || !build.context.startsWith('/')) return undefined
  const { context, dockerfile = 'Dockerfile', dockerfile_inline: text } = build
  const spec = { context, dockerfile, ...(text !== undefined && { dockerfileInline: text }) }
  // The build itself reports a missing context.
  return engine.newerSource?.(spec, built, new Set(origin.configFiles)).catch(() => undefined)
}
