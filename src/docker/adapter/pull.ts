import type { Keyring } from '../auth.ts'
import { type Engine, EngineError, type PullOptions } from '../port.ts'
import { parseReference } from '../reference.ts'
import { jsonLines } from './json-lines.ts'
import { aborting, type Link } from './link.ts'
import { type PullMessage, pullProgress } from './pull-progress.ts'

export function pullCalls(link: Link, keyring: Keyring): Pick<Engine, 'pullImage'> {
  return { pullImage: (reference, options) => pull(link, keyring, reference, options) }
}

async function pull(link: Link, keyring: Keyring, reference: string, options: PullOptions): Promise<void> {
  const { signal } = options
  const { name, tag, digest, registry } = parseReference(reference)
  const credentials = (await keyring.credentialsFor(registry)) ?? {}
  signal.throwIfAborted()
  const query = {
    fromImage: name,
    tag: digest ?? tag ?? 'latest',
    ...(options.platform ? { platform: options.platform } : {}),
    ...aborting(signal),
  }
  const response = await link.call(link.docker.createImage(credentials, query), signal)
  try {
    const progress = pullProgress(options.onProgress)
    for await (const message of jsonLines<PullMessage>(response as unknown as AsyncIterable<Uint8Array>)) {
      if (message.error) throw new EngineError(message.errorDetail?.message ?? message.error)
      progress(message)
    }
  } catch (error) {
    throw link.failure(error, signal)
  }
}
