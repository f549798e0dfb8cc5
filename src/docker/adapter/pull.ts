import type { Keyring } from '../auth.ts'
import { type Engine, failedInside, type PullOptions, type PushOptions } from '../port.ts'
import { parseReference } from '../reference.ts'
import type { Request } from './http/exchange.ts'
import { jsonLines } from './http/json-lines.ts'
import type { Link } from './http/link.ts'
import { attended, requestStream } from './http/request.ts'
import { PULL_MESSAGE, type PullMessage, pullProgress, pushProgress } from './pull-progress.ts'

export function pullCalls(link: Link, keyring: Keyring): Pick<Engine, 'pullImage' | 'pushImage'> {
  return {
    pullImage: (reference, options) => pull(link, keyring, reference, options),
    pushImage: (reference, options) => push(link, keyring, reference, options),
  }
}

async function pull(link: Link, keyring: Keyring, reference: string, options: PullOptions): Promise<void> {
  const { signal } = options
  const { name, tag, digest, registry } = parseReference(reference)
  const authconfig = (await keyring.credentialsFor(registry)) ?? {}
  signal.throwIfAborted()
  const query = { fromImage: name, tag: digest ?? tag ?? 'latest', platform: options.platform }
  const request = { method: 'POST', path: '/images/create', query, authconfig, signal, pace: 'slow' } as const
  await follow(link, request, pullProgress(options.onProgress))
}

/** Without a tag, the engine would push all tags. */
async function push(link: Link, keyring: Keyring, reference: string, { signal, onProgress }: PushOptions) {
  const { name, tag = 'latest', registry } = parseReference(reference)
  const authconfig = (await keyring.credentialsFor(registry)) ?? {}
  signal.throwIfAborted()
  const path = `/images/${name}/push`
  const request = { method: 'POST', path, query: { tag }, authconfig, signal, pace: 'slow' } as const
  await follow(link, request, pushProgress(onProgress))
}

/** Follows a stream of layer messages to its end. */
async function follow(link: Link, request: Request, progress: (message: PullMessage) => void): Promise<void> {
  const response = await requestStream(link, request)
  try {
    const read = (chunks: AsyncIterable<Uint8Array>) => jsonLines<PullMessage>(chunks, PULL_MESSAGE)
    for await (const message of attended(link, request, response, read)) {
      if (message.error) throw failedInside(message.errorDetail?.message ?? message.error)
      progress(message)
    }
  } catch (error) {
    throw link.failure(error, request.signal, request)
  }
}
