import { error } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/span.ts'
import { isRemoteReference } from '../../stack/remote-reference.ts'
import { absolute } from '../canonical/paths.ts'
import type { ModelContext } from './context.ts'

/**
 * The absolute path of a file that another one names: that of the fetched one, for a reference to another place. Reports a file
 * that cannot be fetched, at the place that names it.
 */
export function placeOfFile(written: string, at: Span | undefined, directory: string, context: ModelContext) {
  if (!isRemoteReference(written)) return absolute(written, directory, context.home)
  const { remotes, findings } = context
  if (at && remotes.has(at.file) && usesVariable(at, context)) {
    findings.incomplete = true
    findings.report(
      error('remote-unavailable', 'a stack from elsewhere names another one by variables of this machine', { at }),
    )
    return undefined
  }
  const found = remotes.find(written)
  if (found?.ok) return found.value
  findings.incomplete = true
  for (const problem of found?.diagnostics ?? []) findings.report({ ...problem, ...(at && { at }) })
  return undefined
}

/** The name goes to the registry that it names: with variables in it, a hostile stack could learn their values before any question. */
function usesVariable({ file, line, col, endLine, endCol }: Span, { files }: ModelContext): boolean {
  const lines = (files.texts.get(file) ?? '').split(/\r\n?|\n/).slice(line - 1, endLine)
  const last = lines.length - 1
  const written = lines.map((text, index) =>
    text.slice(index === 0 ? col - 1 : 0, index === last ? endCol - 1 : undefined),
  )
  return written.join('').includes('$')
}
