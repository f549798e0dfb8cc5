import type { Keyring } from '../auth.ts'
import { type Engine, failedInside, type PullOptions } from '../port.ts'
import { parseReference } from '../reference.ts'
import { jsonLines } from './http/json-lines.ts'
import type { Link } from './http/link.ts'
import { attended, requestStream } from './http/request.ts'
import { PULL_MESSAGE, type PullMessage, pullProgress } from './pull-progress.ts'

export function pullCalls(link: Link, keyring: Keyring): Pick<Engine, 'pullImage'> {
  return { pullImage: (reference, options) => pull(link, keyring, reference, options) }
}

async function pull(link: Link, keyring: Keyring, reference: string, options: PullOptions): Promise<void> {
  const { signal } = options
  const { name, tag, digest, registry } = parseReference(reference)
  const authconfig = (await keyring.credentialsFor(registry)) ?? {}
  signal.throwIfAborted()
  const query = { fromImage: name, tag: digest ?? tag ?? 'latest', platform: options.platform }
  const request = { method: 'POST', path: '/images/create', query, authconfig, signal, pace: 'slow' } as const
  const response = await requestStream(link, request)
  try {
    const progress = pullProgress(options.onProgress)
    const read = (chunks: AsyncIterable<Uint8Array>) => jsonLines<PullMessage>(chunks, PULL_MESSAGE)
    for await (const message of attended(link, request, response, read)) {
      if (message.error) throw failedInside(message.errorDetail?.message ?? message.error)
      progress(message)
    }
  } catch (error) {
    throw link.failure(error, signal, request)
  }
}
