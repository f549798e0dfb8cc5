import { join } from 'node:path'
import type { SourcesSpec } from '../../port.ts'
import { readDockerfile } from './dockerfile.ts'
import { diskFolder } from './folder.ts'
import { parseIgnore } from './ignore.ts'

/** More files of a context are not looked at. */
const MOST_ENTRIES = 20_000

/**
 * A source of a build that was changed after a time, in milliseconds since the epoch: its Dockerfile, or a file of its context.
 * @param passedOver absolute paths that are no sources, though they lie in the context
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

/** Paths that change without changing an image, in most projects. */
const UNUSUAL = /^(?:\.git|\.env[^/]*)(?:\/|$)/
