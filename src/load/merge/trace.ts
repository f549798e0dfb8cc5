import type { Span } from '../../diagnostics/span.ts'
import type { Entry, MapNode, Tree } from '../../yaml/tree.ts'
import type { Dotenv } from '../variable/dotenv-state.ts'
import type { Variables } from '../variable/variables.ts'

/** Intermediate results of loading, recorded only on request: see explain/. */
export interface Trace {
  /** Every document of every model in loading order, canonical, before it was merged. */
  documents: TracedDocument[]
  /** The service that each service extends, by the declaration. */
  bases: Map<Tree, Base>
  /** The variables visible to each file. */
  variables: Map<string, Variables>
  /** Values of env files and label files, by the list item that names the file. */
  files: Map<Tree, Dotenv>
  /** All documents merged, before env files and defaults. */
  merged?: MapNode
}

export interface TracedDocument {
  file: string
  tree: MapNode
  /** As parsed, before interpolation. */
  written: Tree
  /** The span of the include clause, if it is included. */
  includedAt?: Span
}

interface Base {
  service: string
  file: string
  entry: Entry
  /** The span of the `extends` clause. */
  at: Span
}

export function newTrace(): Trace {
  return { documents: [], bases: new Map(), variables: new Map(), files: new Map() }
}
