import { type Diagnostic, warning } from '../../../diagnostics/diagnostic.ts'
import type { Build } from '../../../stack/model.ts'
import type { Declared } from '../../backend.ts'
import { cacheReference, isInline } from '../../docker/build-cache.ts'

/**
 * Parts of `build` that no builder of an engine supports, each with a function that returns the consequence; undefined if the value
 * requests nothing.
 */
const NOT_DONE: Record<string, (build: Build) => string | undefined> = {
  privileged: ({ privileged }) => (privileged ? "an engine's builder runs nothing privileged" : undefined),
  dockerfile_inline: ({ context, dockerfile_inline }) =>
    dockerfile_inline !== undefined && isFetched(context)
      ? 'the engine fetches this context itself, and uses the Dockerfile in it'
      : undefined,
  entitlements: ({ entitlements = [], network }) =>
    entitlements.some((each) => !(each === 'network.host' && network === 'host'))
      ? "an engine's builder grants none"
      : undefined,
  no_cache_filter: ({ no_cache, no_cache_filter = [] }) =>
    no_cache_filter.length > 0 && !no_cache
      ? 'the engine builds either with its cache or without it, so every stage is built without it'
      : undefined,
  provenance: ({ provenance }) => (asks(provenance) ? "an engine's builder writes no attestations" : undefined),
  sbom: ({ sbom }) => (asks(sbom) ? "an engine's builder writes no attestations" : undefined),
  platforms: ({ platforms = [] }) =>
    platforms.length > 1
      ? `the engine's build API makes an image for one platform: only ${platforms[0]} is built`
      : undefined,
  cache_to: ({ cache_to = [] }) =>
    cache_to.every(isInline) ? undefined : "an engine's builder writes its cache only into the image (type=inline)",
  cache_from: ({ cache_from = [] }) =>
    cache_from.every((each) => cacheReference(each) !== undefined)
      ? undefined
      : "an engine's builder reads its cache only from images",
  secrets: ({ secrets = [] }) =>
    secrets.some(({ uid, gid, mode }) => uid ?? gid ?? mode)
      ? 'the Dockerfile sets owner and mode, where it mounts the secret'
      : undefined,
}

/** Whether the context is a repository or an archive. */
function isFetched(context: string): boolean {
  return /:\/\/|^(?:git@|github\.com\/)/.test(context)
}

/** Unsupported parts of builds, by name and place, with the reason. Pure. */
export function buildNotes(declared: Declared): Diagnostic[] {
  return Object.entries(declared.stack.services).flatMap(([name, { build }]) =>
    Object.entries(build ? NOT_DONE : {}).flatMap(([part, why]) => {
      const reason = build && why(build)
      const at = declared.spanOf(`services.${name}.build.${part}`)
      return reason ? [warning('not-supported', `"build.${part}" of service "${name}": ${reason}`, { at })] : []
    }),
  )
}

function asks(value: string | boolean | undefined): boolean {
  return value !== undefined && value !== '' && String(value) !== 'false'
}
