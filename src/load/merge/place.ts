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
  const found = remotes.find(written)
  if (found?.ok) return found.value
  findings.incomplete = true
  for (const problem of found?.diagnostics ?? []) findings.report({ ...problem, ...(at && { at }) })
  return undefined
}
