/** A stack file in a Git repository. */
export interface GitReference {
  /** The repository's address, as git takes it. May contain a password. */
  url: string
  /** A branch, tag or commit; the repository's HEAD by default. */
  ref?: string
  /** The commit that `ref` must have. */
  commit?: string
  /** A file or folder in the repository. */
  path?: string
}

/** Where a stack file that is not on this machine's disk lies; a string says what is wrong with the reference. */
export type RemoteReference = { kind: 'oci'; name: string } | ({ kind: 'git' } & GitReference)

const OCI = 'oci://'
const SCHEMES = ['http', 'https', 'ssh', 'git']
/** `user@host:path?query#fragment`, as ssh takes it (buildkit, util/sshutil). */
const SCP = /^([\w-]+@[\w.-]+:[^?#]*)(?:\?([^#]*))?(?:#(.*))?$/

/** Whether `docker compose` takes a path for a stack file elsewhere: in a registry, or in a Git repository. */
export function isRemoteReference(path: string): boolean {
  if (path.startsWith(OCI) || path.startsWith('github.com/')) return true
  if (path.startsWith('./') || path.startsWith('../')) return false
  const scheme = /^([a-zA-Z0-9]+):\/\//.exec(path)?.[1]?.toLowerCase()
  if (scheme === undefined) return SCP.test(path)
  if (!SCHEMES.includes(scheme) || !URL.canParse(path)) return false
  return !scheme.startsWith('http') || new URL(path).pathname.endsWith('.git')
}

/**
 * Parses a reference for which `isRemoteReference` is true. Source: buildkit, frontend/dockerfile/dfgitutil. A string says what is
 * wrong with it.
 */
export function parseRemoteReference(text: string): RemoteReference | string {
  if (text.startsWith(OCI)) return { kind: 'oci', name: text.slice(OCI.length) }
  const { url, query, fragment } = partsOf(text)
  const [ref, ...rest] = fragment.split(':')
  const path = rest.join(':')
  const own = withQuery({ url, ...(ref && { ref }), ...(path && { path }) }, new URLSearchParams(query))
  if (typeof own === 'string') return own
  return problemOf(own) ?? { kind: 'git', ...own }
}

function partsOf(text: string): { url: string; query: string; fragment: string } {
  const scp = /^[a-zA-Z0-9]+:\/\//.test(text) || text.startsWith('github.com/') ? null : SCP.exec(text)
  if (scp) return { url: scp[1] ?? '', query: scp[2] ?? '', fragment: scp[3] ?? '' }
  const url = new URL(text.startsWith('github.com/') ? `https://${text}` : text)
  const { search, hash } = url
  url.search = ''
  url.hash = ''
  return { url: url.href, query: search.slice(1), fragment: decoded(hash.slice(1)) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function withQuery(reference: GitReference, query: URLSearchParams): GitReference | string {
  const result = { ...reference }
  for (const [key, value] of query) {
    const setting = settingOf(key, value)
    if (setting === undefined) return `the query "${key}" is unknown`
    for (const [name, text] of Object.entries(setting) as [keyof GitReference, string][]) {
      if (result[name] !== undefined && result[name] !== text) return `it names ${name} twice`
      result[name] = text
    }
  }
  return result
}

function settingOf(key: string, value: string): Partial<GitReference> | undefined {
  if (key === 'ref') return { ref: value }
  if (key === 'branch') return { ref: value.startsWith('refs/') ? value : `refs/heads/${value}` }
  if (key === 'tag') return { ref: value.startsWith('refs/') ? value : `refs/tags/${value}` }
  if (key === 'subdir') return { path: value }
  if (key === 'commit' || key === 'checksum') return { commit: value }
  return key === 'submodules' || key === 'keep-git-dir' ? {} : undefined
}

/** What would be an option to git or ssh, or leads out of the repository. */
function problemOf({ url, ref = '', commit, path = '' }: GitReference): string | undefined {
  const [host = '', place = ''] =
    /^[a-z]+:/i.test(url) && URL.canParse(url) ? hostAndPath(new URL(url)) : url.split('@')
  if ([host, place, place.split(':')[1] ?? ''].some((part) => part.startsWith('-')))
    return 'its address starts with a dash'
  if (ref.startsWith('-')) return 'its branch, tag or commit starts with a dash'
  // Source: git check-ref-format.
  if (/[\s~^:?*[\\\p{Cc}]|\.\.|@\{|\/\/|\.lock$|\/$/u.test(ref))
    return 'git does not allow such a name of a branch or tag'
  if (commit !== undefined && !isCommit(commit)) return 'its commit is not 40 hexadecimal digits'
  const parts = path.split(/[\\/]/)
  if (parts.includes('..') || /^(?:[\\/]|[A-Za-z]:)/.test(path)) return 'its path leads out of the repository'
  if (parts.some((part) => part.toLowerCase() === '.git')) return 'its path leads into .git'
  return undefined
}

function hostAndPath({ hostname, username, pathname }: URL): [string, string] {
  const first = [hostname, username].find((part) => part.startsWith('-')) ?? hostname
  return [first, pathname.replace(/^\/+/, '')]
}

export function isCommit(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text)
}

/** A reference without the user and password of its address. */
export function withoutPassword(reference: string): string {
  return reference.replace(/^([a-zA-Z0-9]+:\/\/)[^/@#?]*@/, '$1')
}
