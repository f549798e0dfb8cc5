import { type Diagnostic, warning } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import { reasonOf } from '../../diagnostics/system-error.ts'

/** The warning of a command that continues without the state directory. */
export function stateUnwritable(folder: string, cause: Error): Diagnostic {
  const message = `the state that commands share cannot be written to ${foreign(folder)}: ${reasonOf(cause)}`
  return warning('state-unwritable', message, {
    hint: 'a guard will not know what this command was asked to do; XDG_STATE_HOME sets another directory',
  })
}
