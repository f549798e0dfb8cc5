import type { Case, Result } from './lib/corpus.mjs'

/** What a tool says of a case; `words` start it. */
export function configOf(words: readonly string[], each: Case): Promise<Result & { said?: string }>
