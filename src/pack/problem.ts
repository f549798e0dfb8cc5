import { StackError } from '../diagnostics/checked.ts'
import { error } from '../diagnostics/diagnostic.ts'

/** A pack must not be used. @param member its path in the pack, if one member is the reason */
export function refused(why: string, member?: string, hint?: string): StackError {
  return new StackError([
    error('pack-refused', member === undefined ? why : `${JSON.stringify(member)}: ${why}`, { hint }),
  ])
}

/** A pack cannot be written. */
export function unwritable(why: string, hint?: string): StackError {
  return new StackError([error('pack-failed', why, { hint })])
}
