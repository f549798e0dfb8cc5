/** `mysql:8` as `docker.io/library/mysql:8`, the form that containerd uses. */
export function fullName(name: string): string {
  const [first = '', ...rest] = name.split('/')
  const hasHost = rest.length > 0 && /[.:]|^localhost$/.test(first)
  const path = hasHost ? name : `docker.io/${rest.length === 0 ? 'library/' : ''}${name}`
  return tagOf(path) === undefined ? `${path}:latest` : path
}

/** `mysql` as `mysql:latest`: the form in `manifest.json`. */
export function taggedName(name: string): string {
  return tagOf(name) === undefined ? `${name}:latest` : name
}

function tagOf(name: string): string | undefined {
  return /:([^/:]+)$/.exec(name)?.[1]
}
