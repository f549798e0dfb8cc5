/**
 * The number of edits between two words: insertions, deletions, substitutions, and swaps of neighbours, no part edited twice
 * (optimal string alignment).
 */
export function distance(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let col = 1; col <= to.length; col++) {
      const substituted = (last[col - 1] ?? 0) + (from[row - 1] === to[col - 1] ? 0 : 1)
      const swaps = row > 1 && col > 1 && from[row - 1] === to[col - 2] && from[row - 2] === to[col - 1]
      const swapped = swaps ? (beforeLast[col - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
      current.push(Math.min((last[col] ?? 0) + 1, (current[col - 1] ?? 0) + 1, substituted, swapped))
    }
    beforeLast = last
    last = current
  }
  return last[to.length] ?? 0
}

/** With more candidates, a search for each of many wrong words would take minutes. */
const MOST_CANDIDATES = 2000

/** The closest candidate, if it is close enough: at most a third of the word's letters may differ. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const folded = fold(word)
  const limit = Math.max(1, Math.floor(folded.length / 3))
  const ranked = [...candidates]
    .filter((candidate) => Math.abs(candidate.length - word.length) <= limit + 2)
    .map((candidate) => ({ candidate, edits: distance(folded, fold(candidate)) }))
    .filter(({ edits, candidate }) => edits <= limit && edits < fold(candidate).length)
    .sort((a, b) => a.edits - b.edits || (a.candidate < b.candidate ? -1 : 1))
  return ranked[0]?.candidate
}

/**
 * The candidate of which the word is a typing error: for commands and flags, where a wrong guess would do something else. One letter
 * in four may differ; in short words none, but letters may be swapped or doubled.
 */
export function slipOf(word: string, candidates: Iterable<string>): string | undefined {
  const folded = fold(word)
  const limit = folded.length < 4 ? 0 : Math.max(1, Math.floor(folded.length / 4))
  const letters = [...new Set(folded)].sort().join('')
  const ranked = [...candidates]
    .map((candidate) => ({ candidate, edits: distance(folded, fold(candidate)), same: fold(candidate) }))
    .filter(({ same, edits }) => edits <= limit || (edits === 1 && [...new Set(same)].sort().join('') === letters))
    .sort((a, b) => a.edits - b.edits || (a.candidate < b.candidate ? -1 : 1))
  return ranked[0]?.candidate
}

/** The only candidate that contains the word: `service_healthy` for `healthy`. */
function containing(word: string, candidates: readonly string[]): string | undefined {
  const found = word.length < 4 ? [] : candidates.filter((candidate) => fold(candidate).includes(fold(word)))
  return found.length === 1 ? found[0] : undefined
}

/** A hint with the closest candidate, or with all of them if there are few; `except` is not one. */
export function didYouMean(word: string, known: readonly string[], except?: string): string | undefined {
  if (known.length > MOST_CANDIDATES) return undefined
  const candidates = known.filter((each) => each !== except)
  const near = closest(word, candidates) ?? containing(word, candidates)
  if (near !== undefined) return `did you mean "${near}"?`
  if (candidates.length === 0 || candidates.length > 8) return undefined
  return `possible here: ${[...candidates].sort().join(', ')}`
}

/** Differences in case and word separators do not count: `dependsOn`, `depends-on` and `depends_on` are equal. */
function fold(word: string): string {
  return word.toLowerCase().replace(/[-_.]/g, '')
}
