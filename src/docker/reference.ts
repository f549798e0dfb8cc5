/** A parsed image reference (https://github.com/distribution/reference, "Grammar"). */
export interface Reference {
  /** Name without tag and digest, as written. */
  name: string
  tag?: string
  digest?: string
  /** `docker.io` if the reference names none. */
  registry: string
}

export function parseReference(reference: string): Reference {
  const [named = '', digest] = reference.split('@')
  const colon = named.lastIndexOf(':')
  const tagged = colon > named.lastIndexOf('/')
  const name = tagged ? named.slice(0, colon) : named
  return {
    name,
    ...(tagged ? { tag: named.slice(colon + 1) } : {}),
    ...(digest ? { digest } : {}),
    registry: registryOf(name),
  }
}

/** The part before the first slash is a host only if it has a dot or a port, or is localhost. */
function registryOf(name: string): string {
  const slash = name.indexOf('/')
  const first = name.slice(0, slash)
  const isHost = slash > 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase())
  return isHost && first !== 'index.docker.io' ? first : 'docker.io'
}
