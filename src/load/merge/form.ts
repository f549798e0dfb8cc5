import type { MapNode, Tree } from '../../yaml/tree.ts'
import type { Rules } from '../tree/rewrite.ts'
import type { Scope } from './context.ts'
import type { Mergers } from './merge.ts'

/** In which form the documents of a model are put together: with its variables filled in, or as they are written. */
export interface Form {
  /** One document, read and checked; undefined if it is none. */
  document(document: Tree, scope: Scope, overrides: boolean): MapNode | undefined
  mergers: Mergers
  /** Lists in which a later item takes the place of an earlier one. */
  unique: Rules
  /** What depends on a model's own directory and variables, and is therefore settled before models are put together. */
  settle(scope: Scope): Rules
}
