import type { Result } from './corpus.mjs'

export interface Difference {
  path: string
  theirs: unknown
  ours: unknown
}

/** A deliberate one: patterns of cases and paths, and its reason. */
export interface ListedDifference {
  case: string
  path: string
  reason: string
}

export function differences(theirs: Result, ours: Result): Difference[]
export function listedDifference<L extends Pick<ListedDifference, 'case' | 'path'>>(
  listed: readonly L[],
  name: string,
  found: Pick<Difference, 'path'>,
): L | undefined
