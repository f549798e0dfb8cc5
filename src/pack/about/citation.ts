import { get, type Tree } from '../../yaml/tree.ts'

/** What an RO-Crate takes from CITATION.cff (https://citation-file-format.github.io). */
export interface Citation {
  title?: string
  abstract?: string
  license?: string
  doi?: string
  /** `2026-11-30` */
  released?: string
  authors: Author[]
}

export interface Author {
  name: string
  /** `https://orcid.org/…` */
  orcid?: string
  affiliation?: string
}

/** Reads CITATION.cff; what is missing or malformed there is left out. */
export async function readCitation(text: string): Promise<Citation> {
  const { parseYaml } = await import('../../yaml/parse.ts')
  const parsed = parseYaml(text, 'CITATION.cff')
  const tree = parsed.ok ? parsed.value : undefined
  const authors = get(tree, 'authors')
  return {
    ...texts(tree, { title: 'title', abstract: 'abstract', license: 'license', doi: 'doi', released: 'date-released' }),
    authors: authors?.kind === 'seq' ? authors.items.flatMap(authorOf) : [],
  }
}

function authorOf(tree: Tree): Author[] {
  const own = texts(tree, { given: 'given-names', particle: 'name-particle', family: 'family-names', alias: 'name' })
  const name = [own.given, own.particle, own.family].filter(Boolean).join(' ') || own.alias
  return name ? [{ name, ...texts(tree, { orcid: 'orcid', affiliation: 'affiliation' }) }] : []
}

/** The texts at these keys; a key without one is left out. */
function texts<K extends string>(tree: Tree | undefined, keys: Record<K, string>): Partial<Record<K, string>> {
  const found: Partial<Record<K, string>> = {}
  for (const [name, key] of Object.entries(keys) as [K, string][]) {
    const value = get(tree, key)
    if (value?.kind === 'scalar' && value.value !== null && value.value !== '')
      found[name] = value.text ?? String(value.value)
  }
  return found
}
