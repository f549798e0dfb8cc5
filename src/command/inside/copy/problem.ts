import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { foreign } from '../../../diagnostics/foreign.ts'
import { reasonOf } from '../../../diagnostics/system-error.ts'

/** An error for a copy that is not possible. */
export function uncopied(message: string, hint?: string): StackError {
  return new StackError([error('copy-failed', message, { hint })])
}

/** Turns an error of this machine's file system or of an archive into a problem; returns other errors unchanged. */
export function asProblem(thrown: unknown, path: string): unknown {
  if (!(thrown instanceof Error) || thrown instanceof StackError) return thrown
  const isSystem = 'syscall' in thrown && 'code' in thrown
  if (!isSystem && thrown.name !== 'ArchiveError') return thrown
  const about = 'path' in thrown && typeof thrown.path === 'string' ? thrown.path : path
  return uncopied(`${foreign(about)}: ${foreign(isSystem ? reasonOf(thrown) : thrown.message)}`)
}
