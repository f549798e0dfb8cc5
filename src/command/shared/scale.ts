import type { Flag } from '../../cli/flag.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import { MOST_CONTAINERS } from '../../load/check/counts.ts'

export const SCALE = {
  type: 'list',
  value: 'SERVICE=N',
  description: 'Number of containers of a service; may be repeated',
} as const satisfies Flag

/** Parses words such as `web=3` into numbers of containers by service; the last one for a service wins. Throws StackError. */
export function parseScale(words: readonly string[]): Record<string, number> {
  const parsed = words.map((word) => [word, /^([^=]+)=(\d+)$/.exec(word)] as const)
  const wrong = parsed.flatMap(([word, match]) => (match ? [] : [misread(word)]))
  const many = parsed.flatMap(([word, match]) => (Number(match?.[2] ?? 0) > MOST_CONTAINERS ? [tooMany(word)] : []))
  if (wrong.length + many.length > 0) throw new StackError([...wrong, ...many])
  return Object.fromEntries(parsed.map(([, match]) => [match?.[1] ?? '', Number(match?.[2])]))
}

function tooMany(word: string): Diagnostic {
  return error('usage', `"${word}" asks for more than ${MOST_CONTAINERS} containers`)
}

function misread(word: string): Diagnostic {
  return error('usage', `"${word}" does not say how many`, { hint: 'write SERVICE=N, e.g. web=3' })
}
