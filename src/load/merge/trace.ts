import type { Span } from '../../diagnostics/span.ts'
import type { Entry, MapNode, Tree } from '../../yaml/tree.ts'
import type { Dotenv } from '../variable/dotenv-state.ts'
import type { Variables } from '../variable/variables.ts'

/** Intermediate results of loading, recorded only on request: see explain/. */
export interface Trace {
  /** Every document of every model in the order of loading, canonical, before anything was merged into it. */
  documents: TracedDocument[]
  /** By the declaration of a service: the one that it extends. */
  bases: Map<Tree, Base>
  /** The variables that a file sees. */
  variables: Map<string, Variables>
  /** Values of env files and label files, by the item of the list that names the file. */
  files: Map<Tree, Dotenv>
  /** All documents as one, before env files and defaults. */
  merged?: MapNode
}

export interface TracedDocument {
  file: string
  tree: MapNode
  /** As parsed, before variables were filled in. */
  written: Tree
  /** The span of the include clause, if it is included. */
  includedAt?: Span
}

export interface Base {
  service: string
  file: string
  entry: Entry
  /** The span of the `extends` clause. */
  at: Span
}

export function newTrace(): Trace {
  return { documents: [], bases: new Map(), variables: new Map(), files: new Map() }
}
