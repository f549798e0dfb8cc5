import { join } from 'node:path'
import { keyring } from '../docker/auth.ts'
import { helperProcess } from '../docker/credential-helper.ts'
import type { FetchOptions } from '../project/runtime.ts'
import { fetchStack } from '../remote/fetch.ts'
import type { FetchedStack } from '../remote/options.ts'
import type { Publication } from '../stack/publication.ts'
import { configFolder } from '../util/docker-configuration.ts'
import type { Machine } from './machine.ts'

/**
 * Fetches stacks with the credentials of the user's Docker configuration. Whatever was fetched once stays as it is in this process: a
 * guard does not follow a tag that moves.
 */
export function fetcherFor(machine: Machine): (reference: string, options: FetchOptions) => Promise<FetchedStack> {
  const fetched = new Map<string, FetchedStack>()
  const here = { env: machine.env, cache: cacheFolder(machine), credentialsFor: credentials(machine) }
  return async (reference, options) => {
    const known = fetched.get(reference) ?? (await fetchStack(reference, { ...options, ...here }))
    fetched.set(reference, known)
    return known
  }
}

export async function publishFrom(machine: Machine, publication: Publication, options: FetchOptions) {
  const { publishStack } = await import('../remote/publish.ts')
  return publishStack(publication, { ...options, env: machine.env, credentialsFor: credentials(machine) })
}

function credentials({ env, home }: Machine) {
  const keys = keyring(configFolder(env, home), helperProcess(env))
  return (registry: string) => keys.credentialsFor(registry)
}

/** The XDG base directory for what can be fetched again; on Windows, local application data. */
function cacheFolder({ env, home, platform }: Machine): string {
  const own = platform === 'win32' ? env.LOCALAPPDATA : env.XDG_CACHE_HOME
  return join(own || join(home, '.cache'), 'flotilla')
}
