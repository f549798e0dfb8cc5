import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Keyring } from '../../auth.ts'
import { type BuildOptions, type BuildSpec, EngineError } from '../../port.ts'
import { jsonLines } from '../json-lines.ts'
import { type Link, type Request, requestStream } from '../link.ts'
import { buildkitProgress } from './buildkit-progress.ts'
import { classicProgress } from './classic-progress.ts'
import { buildContext } from './context.ts'
import type { BuildMessage, BuildProgress } from './progress.ts'
import { openSession } from './session.ts'

/** POST /build. */
export async function buildImage(
  link: Link,
  keyring: Keyring,
  spec: BuildSpec,
  options: BuildOptions,
): Promise<{ imageId: string }> {
  try {
    return (await offersBuildKit(link, options.signal))
      ? await buildkit(link, keyring, spec, options)
      : await classic(link, keyring, spec, options)
  } catch (error) {
    throw link.failure(error, options.signal)
  }
}

/** As the docker command line has it: every Linux engine from API 1.39 on, whatever its own default is. */
async function offersBuildKit(link: Link, signal: AbortSignal): Promise<boolean> {
  const response = await requestStream(link, { method: 'GET', path: '/_ping', signal })
  response.resume()
  const { 'builder-version': builder, ostype, 'api-version': version = '' } = response.headers
  const [major = 0, minor = 0] = String(version).split('.').map(Number)
  const isPodman = 'libpod-api-version' in response.headers
  return builder === '2' || (ostype === 'linux' && !isPodman && (major > 1 || minor >= 39))
}

/** Closing the connection ends the build too. The session lets the builder ask for credentials, one registry at a time. */
async function buildkit(link: Link, keyring: Keyring, spec: BuildSpec, options: BuildOptions) {
  const session = await openSession(link, keyring, options.signal)
  try {
    const query = { version: 2, buildid: randomUUID(), session: session.id }
    return await build(link, spec, options, { query }, buildkitProgress(options))
  } finally {
    session.close()
  }
}

async function classic(link: Link, keyring: Keyring, spec: BuildSpec, options: BuildOptions) {
  const registryconfig = await keyring.all()
  return build(link, spec, options, { query: { version: 1 }, registryconfig }, classicProgress(options))
}

async function build(
  link: Link,
  spec: BuildSpec,
  options: BuildOptions,
  more: Pick<Request, 'query' | 'registryconfig'>,
  progress: BuildProgress,
): Promise<{ imageId: string }> {
  const context = await buildContext(spec)
  const response = await requestStream(link, {
    method: 'POST',
    path: '/build',
    ...more,
    query: { ...queryOf(spec, context.dockerfile), ...more.query },
    file: Readable.from(context.archive(), { objectMode: false }),
    signal: options.signal,
  })
  let imageId = ''
  for await (const message of jsonLines<BuildMessage>(response)) {
    if (message.error !== undefined) {
      throw new EngineError(progress.failure(message.errorDetail?.message ?? message.error))
    }
    progress.add(message)
    if (typeof message.aux === 'object') imageId = message.aux.ID ?? imageId
  }
  options.signal.throwIfAborted()
  return { imageId: imageId || (await idOfTag(link, spec)) }
}

async function idOfTag(link: Link, spec: BuildSpec): Promise<string> {
  const [tag] = spec.tags
  if (tag === undefined) throw new EngineError('the builder did not name the image that it made')
  return (await link.call(link.docker.getImage(tag).inspect())).Id
}

/** POST /build, in the API's own names. */
function queryOf(spec: BuildSpec, dockerfile: string): NonNullable<Request['query']> {
  return {
    dockerfile,
    t: spec.tags,
    buildargs: JSON.stringify(spec.args),
    labels: JSON.stringify(spec.labels),
    cachefrom: JSON.stringify(spec.cacheFrom),
    extrahosts: spec.extraHosts,
    target: spec.target,
    platform: spec.platform,
    networkmode: spec.network,
    shmsize: spec.shmSize,
    nocache: spec.noCache || undefined,
    pull: spec.pull || undefined,
    rm: true,
    forcerm: true,
  }
}
