/** The lists of checksums in a bag: `<64 hexadecimal digits>  <path>\n` each, as `sha256sum -c` reads them. */
export interface Sum {
  path: string
  sha256: string
}

export function sumLines(sums: readonly Sum[]): string {
  return sums.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join('')
}

/** Undefined if the text is anything else. */
export function parseSums(text: string): Sum[] | undefined {
  if (text !== '' && !text.endsWith('\n')) return undefined
  const sums: Sum[] = []
  for (const line of text.split('\n').slice(0, -1)) {
    const [, sha256, path] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? []
    if (sha256 === undefined || path === undefined) return undefined
    sums.push({ path, sha256 })
  }
  return sums
}
