import { type Diagnostic, warning } from '../../../diagnostics/diagnostic.ts'
import type { Build } from '../../../stack/model.ts'
import type { Declared } from '../../backend.ts'
import { isOutOfReach } from '../../docker/build-cache.ts'

const UNREACHED = "the engine's builder reaches no folder of this machine (type=local), and no job of GitHub (type=gha)"

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
  cache_to: ({ cache_to = [] }) => (cache_to.some(isOutOfReach) ? UNREACHED : undefined),
  cache_from: ({ cache_from = [] }) => (cache_from.some(isOutOfReach) ? UNREACHED : undefined),
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
