import { posix } from 'node:path'
import type { FileReference, Stack } from '../../stack/model.ts'

/** The key, `secret/NAME` or `config/NAME`, of the secret or config that is mounted at a path of a service's containers. */
export function mountedAt(stack: Pick<Stack, 'services'>, service: string, path: string): string | undefined {
  const { secrets = [], configs = [] } = stack.services[service] ?? {}
  const secret = sourceAt(secrets, '/run/secrets', path)
  if (secret !== undefined) return `secret/${secret}`
  const config = sourceAt(configs, '/', path)
  return config === undefined ? undefined : `config/${config}`
}

function sourceAt(references: readonly FileReference[], directory: string, path: string): string | undefined {
  return references.find(({ source, target }) => posix.resolve(directory, target ?? source) === path)?.source
}
