import { type BuildOptions, type BuildSpec, EngineError } from '../../port.ts'
import { jsonLines } from '../json-lines.ts'
import { type Link, type Request, requestStream } from '../link.ts'
import type { BuildMessage, BuildProgress } from './progress.ts'

/** POST /build, followed to its end. Closing the connection ends the build too. */
export async function requestBuild(
  link: Link,
  spec: BuildSpec,
  { signal }: BuildOptions,
  more: Pick<Request, 'query' | 'registryconfig' | 'file'>,
  progress: BuildProgress,
): Promise<{ imageId: string }> {
  const query = { ...queryOf(spec), ...more.query }
  const response = await requestStream(link, { method: 'POST', path: '/build', ...more, query, signal })
  let imageId = ''
  for await (const message of jsonLines<BuildMessage>(response)) {
    if (message.error !== undefined) {
      throw new EngineError(progress.failure(message.errorDetail?.message ?? message.error))
    }
    progress.add(message)
    if (typeof message.aux === 'object') imageId = message.aux.ID ?? imageId
  }
  signal.throwIfAborted()
  return { imageId: imageId || (await idOfTag(link, spec)) }
}

async function idOfTag(link: Link, spec: BuildSpec): Promise<string> {
  const [tag] = spec.tags
  if (tag === undefined) throw new EngineError('the builder did not name the image that it made')
  return (await link.call(link.docker.getImage(tag).inspect())).Id
}

/** In the API's own names. */
function queryOf(spec: BuildSpec): NonNullable<Request['query']> {
  const args = spec.inlineCache ? { ...spec.args, BUILDKIT_INLINE_CACHE: '1' } : spec.args
  return {
    t: spec.tags,
    buildargs: JSON.stringify(args),
    labels: JSON.stringify(spec.labels),
    cachefrom: JSON.stringify(spec.cacheFrom),
    extrahosts: spec.extraHosts,
    target: spec.target,
    platform: spec.platform,
    networkmode: spec.network,
    shmsize: spec.shmSize,
    ulimits: spec.ulimits && JSON.stringify(spec.ulimits),
    isolation: spec.isolation,
    nocache: spec.noCache || undefined,
    pull: spec.pull || undefined,
    rm: true,
    forcerm: true,
  }
}
