import type { Span } from '../../../diagnostics/span.ts'
import { offsetOf, source } from '../../../yaml/lines.ts'

/** A text with some of its spans replaced; a span that occurs twice, through an alias, is replaced once. */
export function replaced(text: string, file: string, changes: readonly { at: Span; text: string }[]): string {
  const from = source(text, file)
  const byOffset = new Map(changes.map((change) => [offsetOf(from, change.at.line, change.at.col), change] as const))
  let result = ''
  let done = 0
  for (const [start, { at, text: name }] of [...byOffset].sort(([one], [other]) => one - other)) {
    if (start < done) continue
    result += text.slice(done, start) + name
    done = offsetOf(from, at.endLine, at.endCol)
  }
  return result + text.slice(done)
}
