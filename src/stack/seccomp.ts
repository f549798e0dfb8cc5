import { isAbsolute, resolve } from 'node:path'

/**
 * The absolute path of the seccomp profile that an option of `security_opt` names; undefined if it names none, or holds the profile itself.
 * @param directory where relative paths start: the project's directory
 */
export function profileOf(option: string, directory: string): string | undefined {
  const [, path] = /^seccomp[=:](.+)$/s.exec(option) ?? []
  if (path === undefined || ['unconfined', 'builtin'].includes(path) || path.startsWith('{')) return undefined
  return isAbsolute(path) ? path : resolve(directory, path)
}

/** The key in `digests` and contents of a file that is neither secret nor config. */
export function fileKey(path: string): string {
  return `file/${path}`
}
