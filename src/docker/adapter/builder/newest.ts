import { join } from 'node:path'
import type { SourcesSpec } from '../../port.ts'
import { readDockerfile } from './dockerfile.ts'
import { parseIgnore } from './ignore.ts'
import { diskFolder } from './session/folder.ts'

/** The search stops after this many files of a context. */
const MOST_ENTRIES = 20_000

/**
 * Finds a source of a build, its Dockerfile or a file of its context, that changed after a time in milliseconds since the epoch.
 * @param passedOver absolute paths inside the context that are not sources
 */
export async function newerSource(
  spec: SourcesSpec,
  time: number,
  passedOver: ReadonlySet<string>,
): Promise<string | undefined> {
  const rules = parseIgnore(readDockerfile(spec).ignore ?? '')
  const isSource = (path: string) => path === spec.dockerfile || !rules.ignores(path)
  const filter = { ignores: (path: string) => !isSource(path) || UNUSUAL.test(path), mayKeepBelow: rules.mayKeepBelow }
  let seen = 0
  for await (const { path, type, modified } of diskFolder(spec.context, filter).entries()) {
    if (++seen > MOST_ENTRIES) return undefined
    const isNewer = type !== 'directory' && Number(modified / 1_000_000n) > time
    if (isNewer && !passedOver.has(join(spec.context, path))) return path
  }
  return undefined
}

/** In most projects, changes to these paths do not change the image. */
const UNUSUAL = /^(?:\.git|\.env[^/]*)(?:\/|$)/
