import { parseRemoteReference } from '../stack/remote-reference.ts'
import type { FetchedStack, FetchOptions } from './options.ts'
import { unfetched } from './problem.ts'

/** Fetches a stack from a registry or a Git repository, unless this version is there already. Throws a StackError without a place. */
export async function fetchStack(reference: string, options: FetchOptions): Promise<FetchedStack> {
  const parsed = parseRemoteReference(reference)
  if (typeof parsed === 'string') throw unfetched(reference, parsed)
  refuseForbidden(reference, parsed.kind, options)
  if (parsed.kind === 'oci') return (await import('./oci.ts')).fetchFromRegistry(parsed.name, options)
  return (await import('./git.ts')).fetchFromGit(parsed, options)
}

/** Variables that stop `docker compose` from fetching. */
function refuseForbidden(reference: string, kind: 'oci' | 'git', { env }: FetchOptions): void {
  const isForbidden = { oci: env.COMPOSE_EXPERIMENTAL_OCI_REMOTE, git: env.COMPOSE_EXPERIMENTAL_GIT_REMOTE }[kind]
  if (!/^(?:0|f|false)$/i.test(isForbidden ?? '')) return
  throw unfetched(reference, `COMPOSE_EXPERIMENTAL_${kind.toUpperCase()}_REMOTE forbids it`)
}
