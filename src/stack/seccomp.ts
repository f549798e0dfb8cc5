import { isAbsolute, resolve } from 'node:path'

/**
 * The absolute path of the seccomp profile in a `security_opt` option; undefined if the option has none, or contains the profile
 * itself.
 * @param directory the base of relative paths: the project's directory
 */
export function profileOf(option: string, directory: string): string | undefined {
  const [, path] = /^seccomp[=:](.+)$/s.exec(option) ?? []
  if (path === undefined || ['unconfined', 'builtin'].includes(path) || path.startsWith('{')) return undefined
  return isAbsolute(path) ? path : resolve(directory, path)
}

/** The key, in `digests` and contents, of a file that is neither a secret nor a config. */
export function fileKey(path: string): string {
  return `file/${path}`
}
