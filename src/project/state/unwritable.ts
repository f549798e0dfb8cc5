import { type Diagnostic, warning } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import { reasonOf } from '../../diagnostics/system-error.ts'

/** The warning of a command that continues without the state directory. */
export function stateUnwritable(folder: string, cause: Error): Diagnostic {
  const message = `what commands remember for each other cannot be written to ${foreign(folder)}: ${reasonOf(cause)}`
  return warning('state-unwritable', message, {
    hint: 'a guard does not learn what this command was asked for; XDG_STATE_HOME sets another directory',
  })
}
