import { type Diagnostic, error, isError, warning } from '../diagnostics/diagnostic.ts'
import { maskProblems } from '../redact/mask-problem.ts'
import type { LoadInput } from './loaded.ts'
import { type Journal, MOST_PROBLEMS } from './merge/context.ts'
import { secretsWritten } from './sensitive.ts'
import type { Variables } from './variable/variables.ts'

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
  const open = asTold(shown, journal, variables)
  return more === 0 ? open : [...open, untold(more, ordered.slice(0, MOST_PROBLEMS + 1).some(isError))]
}

/** Problems without what the files say in secret. */
export function asTold(diagnostics: readonly Diagnostic[], journal: Journal, variables: Variables): Diagnostic[] {
  if (diagnostics.length === 0) return []
  const sensitive = secretsWritten(journal.written, variables, journal.texts.values())
  const sourceOf = (file: string) => journal.texts.get(file)
  return maskProblems(diagnostics, { sensitive, sourceOf, variable: (name) => variables.lookup(name)?.value })
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
