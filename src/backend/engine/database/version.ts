export type Product = 'PostgreSQL' | 'MySQL' | 'MariaDB'

/** The server that created a data directory, or that an image runs. */
export interface ServerVersion {
  product: Product
  /** As far as known: `[16]`, `[8, 0, 36]`. */
  numbers: number[]
}

/** The first version number in a text: `1:10.11.6-MariaDB` is 10.11.6, since Debian's epoch has no meaning here. */
export function versionIn(product: Product, text: string): ServerVersion | undefined {
  const found = /^\D{0,8}(?:\d+:)?(\d+(?:\.\d+){0,2})/.exec(text.trim())?.[1]
  return found === undefined ? undefined : { product, numbers: found.split('.').map(Number) }
}

/**
 * The release in the vendor's terms, at the granularity at which the data format changes: `PostgreSQL 16`, `PostgreSQL 9.6`, `MySQL
 * 8.0`, `MariaDB 10.11`.
 */
export function releaseName(version: ServerVersion): string {
  return `${version.product} ${releaseOf(version).join('.')}`
}

/** PostgreSQL releases have one number since 10 (postgresql.org/support/versioning), the others have two. */
export function releaseOf({ product, numbers }: ServerVersion): number[] {
  const [first = 0] = numbers
  return numbers.slice(0, product === 'PostgreSQL' && first >= 10 ? 1 : 2)
}

/** Negative if the first version is older; unknown numbers count as equal. */
export function compareNumbers(a: readonly number[], b: readonly number[]): number {
  const known = Math.min(a.length, b.length)
  for (let i = 0; i < known; i++) if (a[i] !== b[i]) return (a[i] ?? 0) - (b[i] ?? 0)
  return 0
}
