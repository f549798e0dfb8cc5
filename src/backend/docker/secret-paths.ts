import type { Sensitive } from '../../stack/sensitive.ts'

/** In characters. Every event and list carries labels: above this length, the label names only the attributes. */
const LARGEST = 4_000

/**
 * The paths below a service whose values are secret, sorted, e.g. `environment.DB_PASSWORD`. A list counts as a whole, except a
 * command.
 */
export function secretPaths({ paths }: Sensitive, service: string): string[] {
  const head = `services.${service}.`
  const own = [...paths].filter((path) => path.startsWith(head)).map((path) => path.slice(head.length))
  return [...new Set(own.map((path) => path.replace(/^(?!command\[|entrypoint\[)(.*?)\[\d+\].*$/, '$1')))].sort()
}

/** The label's value: JSON, as keys may hold any character. `undefined` if there are no secret paths. */
export function secretPathsLabel(paths: readonly string[]): string | undefined {
  if (paths.length === 0) return undefined
  const label = JSON.stringify(paths)
  return label.length <= LARGEST ? label : JSON.stringify([...new Set(paths.map((path) => path.split(/[.[]/)[0]))])
}

/** The paths that such a label records; none if it cannot be parsed. */
export function recordedPaths(label: string | undefined): string[] {
  if (label === undefined) return []
  try {
    const paths: unknown = JSON.parse(label)
    return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : []
  } catch {
    return []
  }
}
