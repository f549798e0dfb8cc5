import { failed } from '../diagnostics/checked.ts'
import { type Diagnostic, error, isError, warning } from '../diagnostics/diagnostic.ts'
import { maskProblems } from '../redact/mask-problem.ts'
import type { SortedProblems } from './check/selected.ts'
import { MOST_PROBLEMS } from './findings.ts'
import type { LoadInput } from './input.ts'
import type { ModelContext } from './merge/context.ts'
import { secretsWritten } from './sensitive.ts'

type ReportContext = Pick<ModelContext, 'files' | 'findings' | 'variables'>

/** The problems to report: sorted, limited in number, and without secrets from the files. */
export function reported(
  diagnostics: readonly Diagnostic[],
  { files }: LoadInput,
  context: ReportContext,
): Diagnostic[] {
  const ordered = inOrder(diagnostics, files)
  const listed = ordered.slice(0, MOST_PROBLEMS)
  const more = ordered.length - listed.length + context.findings.unlisted
  const masked = withoutSecretsOf(listed, context)
  if (listed.length === 0 || more === 0) return masked
  return [...masked, unlisted(more, ordered.slice(0, MOST_PROBLEMS + 1).some(isError))]
}

/** The problems that failed loading, plus conflicts with the environment as warnings. */
export function failedWith({ diagnostics, clashes }: SortedProblems, input: LoadInput, context: ReportContext) {
  const others = clashes.filter(({ firm }) => !firm)
  const warnings = others.map(({ problem }) => ({ ...problem, severity: 'warning' as const }))
  return failed(...reported([...diagnostics, ...warnings], input, context))
}

/** Masks secrets from the files in problems. */
export function withoutSecretsOf(
  diagnostics: readonly Diagnostic[],
  { files, variables }: ReportContext,
): Diagnostic[] {
  if (diagnostics.length === 0) return []
  const sensitive = secretsWritten(files.interpolated, variables, files.texts.values())
  const sourceOf = (file: string) => files.texts.get(file)
  return maskProblems(diagnostics, { sensitive, sourceOf, variable: (name) => variables.lookup(name)?.value })
}

function unlisted(count: number, errors: boolean): Diagnostic {
  const message = `${count.toLocaleString('en')} more ${count === 1 ? 'problem is' : 'problems are'} not shown`
  return (errors ? error : warning)('invalid-value', message, {
    hint: `fix the ${errors ? 'errors' : 'warnings'} above first`,
  })
}

/** Sorts problems by file and line, without duplicates, which come from aliases and included files. */
function inOrder(diagnostics: readonly Diagnostic[], files: readonly string[]): Diagnostic[] {
  const once = new Map(diagnostics.map((each) => [JSON.stringify([each.code, each.at, each.message]), each]))
  const ranks = new Map([...files.entries()].reverse().map(([rank, file]) => [file, rank]))
  const rank = ({ at }: Diagnostic) => (at === undefined ? -1 : (ranks.get(at.file) ?? files.length))
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
