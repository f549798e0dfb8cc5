/** The name of something in a registry (https://github.com/distribution/reference, "Grammar"), in full. */
export interface RegistryReference {
  /** Host and port: `docker.io`, `localhost:5000`. */
  registry: string
  /** The repository's name in the registry: `library/alpine`. */
  name: string
  tag?: string
  digest?: string
}

const PART = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const NAME = new RegExp(`^${PART}(?:/${PART})*$`)
const HOST =
  /^(?:\[[0-9a-fA-F:]+\]|[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*)(?::\d+)?$/
const TAG = /^\w[\w.-]{0,127}$/

/** The longest name of a repository, with its registry. */
const MOST_CHARACTERS = 255

/** Parses a name as `docker pull` does: `docker.io` is the default registry. Undefined for an invalid one. */
export function parseRegistryReference(text: string): RegistryReference | undefined {
  const [named = '', digest, ...more] = text.split('@')
  const colon = named.lastIndexOf(':')
  const isTagged = colon > named.lastIndexOf('/')
  const [path, tag] = isTagged ? [named.slice(0, colon), named.slice(colon + 1)] : [named, undefined]
  const { registry, name } = placeOf(path)
  const isValid = HOST.test(registry) && NAME.test(name) && path.length <= MOST_CHARACTERS && more.length === 0
  if (!isValid || (tag !== undefined && !TAG.test(tag)) || (digest !== undefined && !isDigest(digest))) return undefined
  return { registry, name, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) }
}

/** The part before the first slash is a host only if it has a dot or a port, or is localhost. */
function placeOf(path: string): { registry: string; name: string } {
  const slash = path.indexOf('/')
  const first = path.slice(0, Math.max(slash, 0))
  const isHost = slash > 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase())
  const [host, rest] = isHost ? [first, path.slice(slash + 1)] : ['docker.io', path]
  const registry = host === 'index.docker.io' || host === 'registry-1.docker.io' ? 'docker.io' : host
  return { registry, name: registry === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest }
}

/** Whether a text is a digest that this program can verify. */
export function isDigest(text: string): boolean {
  return /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.test(text)
}

/** The name without tag and digest. */
export function repositoryOf({ registry, name }: RegistryReference): string {
  return `${registry}/${name}`
}

/** The name in full; `latest` is the default tag. */
export function referenceText(reference: RegistryReference): string {
  const { tag, digest } = reference
  const suffix = digest === undefined ? `:${tag ?? 'latest'}` : `${tag === undefined ? '' : `:${tag}`}@${digest}`
  return repositoryOf(reference) + suffix
}
