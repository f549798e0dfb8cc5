import type { PackIndex } from '../types.ts'
import type { Citation } from './citation.ts'

export interface CrateFile {
  /** Below `data/`. */
  path: string
  size: number
  sha256: string
}

type Entity = Record<string, unknown>

const SPECIFICATION = 'https://w3id.org/ro/crate/1.3'
/** An RO-Crate must have a date. Packs of the same contents are the same, so that it cannot be today's. */
const NO_DATE = '1970-01-01'

/** `ro-crate-metadata.json`: an RO-Crate 1.3 whose root is `data/`. */
export function crateText(index: PackIndex, files: readonly CrateFile[], citation: Citation): string {
  const people = citation.authors.map((author, at) => ({ '@id': author.orcid ?? `#author-${at + 1}`, ...author }))
  const license = licenseOf(citation.license)
  const root: Entity = {
    '@id': './',
    '@type': 'Dataset',
    name: citation.title ?? index.name,
    description:
      citation.abstract ?? `The stack "${index.name}": its services, with their images and data, as they were packed`,
    datePublished: citation.released ?? NO_DATE,
    license: license ? { '@id': license['@id'] } : 'No licence is stated',
    ...(citation.doi && { identifier: `https://doi.org/${citation.doi}` }),
    ...(people.length > 0 && { author: people.map((each) => ({ '@id': each['@id'] })) }),
    hasPart: files.map(({ path }) => ({ '@id': idOf(path) })),
  }
  const graph = [descriptor(), root, ...people.map(personOf), ...(license ? [license] : []), ...files.map(fileOf)]
  return `${JSON.stringify({ '@context': `${SPECIFICATION}/context`, '@graph': graph }, undefined, 1)}\n`
}

function descriptor(): Entity {
  return {
    '@id': 'ro-crate-metadata.json',
    '@type': 'CreativeWork',
    conformsTo: { '@id': SPECIFICATION },
    about: { '@id': './' },
  }
}

function personOf({ '@id': id, name, affiliation }: { '@id': string; name: string; affiliation?: string }): Entity {
  return { '@id': id, '@type': 'Person', name, ...(affiliation && { affiliation }) }
}

/** CITATION.cff names licences by their SPDX identifiers. */
function licenseOf(name: string | undefined): (Entity & { '@id': string }) | undefined {
  if (name === undefined) return undefined
  return { '@id': `https://spdx.org/licenses/${encodeURIComponent(name)}`, '@type': 'CreativeWork', name }
}

function fileOf({ path, size, sha256 }: CrateFile): Entity {
  return { '@id': idOf(path), '@type': 'File', name: path, contentSize: String(size), sha256 }
}

/** Identifiers are relative URIs. */
function idOf(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
