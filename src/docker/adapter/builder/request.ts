import { type BuildOptions, type BuildSpec, failedInside } from '../../port.ts'
import type { Request } from '../http/exchange.ts'
import { jsonLines } from '../http/json-lines.ts'
import type { Link } from '../http/link.ts'
import { attended, requestStream } from '../http/request.ts'
import { inspectImage } from '../images.ts'
import { BUILD_MESSAGE, type BuildMessage, type BuildProgress } from './progress.ts'

/** Sends POST /build and follows the answer to its end. Closing the connection ends the build too. */
export async function requestBuild(
  link: Link,
  spec: BuildSpec,
  { signal, onFailed }: BuildOptions,
  more: Pick<Request, 'query' | 'registryconfig' | 'file'>,
  progress: BuildProgress,
): Promise<{ imageId: string }> {
  const query = { ...queryOf(spec), ...more.query }
  const request = { method: 'POST', path: '/build', ...more, query, signal, pace: 'slow' } as const
  const response = await requestStream(link, request)
  const read = (chunks: AsyncIterable<Uint8Array>) => jsonLines<BuildMessage>(chunks, BUILD_MESSAGE)
  let imageId = ''
  for await (const message of attended(link, request, response, read)) {
    if (message.error !== undefined) {
      const failed = progress.failure(message.errorDetail?.message ?? message.error)
      onFailed?.(failed)
      throw failedInside(failed.sentence)
    }
    progress.add(message)
    if (typeof message.aux === 'object') imageId = message.aux?.ID ?? imageId
  }
  signal.throwIfAborted()
  return { imageId: imageId || (await idOfTag(link, spec)) }
}

export async function idOfTag(link: Link, spec: BuildSpec): Promise<string> {
  const [tag] = spec.tags
  if (tag === undefined) throw failedInside('the builder did not report the id of the image')
  return (await inspectImage(link, tag)).Id
}

/** The query, with the API's parameter names. */
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
    memory: spec.memory,
    nocache: spec.noCache || undefined,
    pull: spec.pull || undefined,
    rm: true,
    forcerm: true,
  }
}
