import { type Diagnostic, error, isError, warning } from '../diagnostics/diagnostic.ts'
import { redact, type Sensitive } from '../stack/sensitive.ts'
import type { LoadInput } from './loaded.ts'
import { type Journal, MOST_PROBLEMS } from './scope.ts'
import { secretsWritten } from './sensitive.ts'
import type { Variables } from './variables.ts'

/** What is told of the problems: in order, not endless, and without what the files say in secret. */
export function told(
  diagnostics: readonly Diagnostic[],
  input: LoadInput,
  journal: Journal,
  variables: Variables,
): Diagnostic[] {
  const ordered = inOrder(diagnostics, input)
  const shown = ordered.slice(0, MOST_PROBLEMS)
  const more = ordered.length - shown.length + journal.untold
  if (shown.length === 0) return shown
  const sensitive = secretsWritten(journal.written, variables, journal.texts.values())
  const open = sensitive.values.size === 0 ? shown : shown.map((each) => redacted(each, sensitive))
  return more === 0 ? open : [...open, untold(more, ordered.slice(0, MOST_PROBLEMS + 1).some(isError))]
}

function redacted(problem: Diagnostic, sensitive: Sensitive): Diagnostic {
  const { message, hint, related } = problem
  return {
    ...problem,
    message: redact(message, sensitive),
    ...(hint !== undefined && { hint: redact(hint, sensitive) }),
    ...(related && { related: related.map((each) => ({ ...each, message: redact(each.message, sensitive) })) }),
  }
}

function untold(count: number, errors: boolean): Diagnostic {
  const message = `${count.toLocaleString('en')} more ${count === 1 ? 'problem is' : 'problems are'} not shown`
  return (errors ? error : warning)('invalid-value', message, { hint: 'mend those above first' })
}

/** File by file and from top to bottom, each problem once: an alias or an included file may show the same one again. */
function inOrder(diagnostics: readonly Diagnostic[], { files }: LoadInput): Diagnostic[] {
  const once = new Map(diagnostics.map((each) => [JSON.stringify([each.code, each.at, each.message]), each]))
  const rank = ({ at }: Diagnostic) =>
    at === undefined ? -1 : files.includes(at.file) ? files.indexOf(at.file) : files.length
  return [...once.values()].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      compare(a.at?.file ?? '', b.at?.file ?? '') ||
      (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
      (a.at?.col ?? 0) - (b.at?.col ?? 0),
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
