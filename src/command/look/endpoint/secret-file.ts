import { posix } from 'node:path'
import type { FileReference, Stack } from '../../../stack/model.ts'

/** The secret or config that the stack mounts at a path of a service's containers, as a key: `secret/NAME`, `config/NAME`. */
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
