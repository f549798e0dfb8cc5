import { constants } from 'node:os'
import { BackendError } from '../diagnostics/backend-error.ts'

/** The exit code of a command that Ctrl-C ended: 128 + SIGINT. */
export const INTERRUPTED = 130

/** Whether work may have thrown this because its signal was aborted. */
export function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === 'AbortError' || thrown instanceof BackendError)
}

/** The shell's exit code for a process ended by a signal (`SIGTERM`): 128 + its number. */
export function codeOfSignal(signal: string): number {
  const numbers: Readonly<Record<string, number>> = constants.signals
  return 128 + (numbers[signal] ?? constants.signals.SIGINT)
}
