import { StackError } from '../diagnostics/checked.ts'
import { error } from '../diagnostics/diagnostic.ts'
import { foreign } from '../diagnostics/foreign.ts'
import { withoutPassword } from '../stack/remote-reference.ts'

/** A remote stack that cannot be fetched. The caller adds the place of the reference. */
export function unfetched(reference: string, reason: string, hint?: string): StackError {
  const name = foreign(withoutPassword(reference))
  return new StackError([error('remote-unavailable', `${name} cannot be fetched: ${foreign(reason)}`, { hint })])
}
