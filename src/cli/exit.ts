import { constants } from 'node:os'

/** The exit code of a command that Ctrl-C ended: 128 + SIGINT. */
export const INTERRUPTED = 130

/** The shell's exit code for a process ended by a signal (`SIGTERM`): 128 + its number. */
export function codeOfSignal(signal: string): number {
  const numbers: Readonly<Record<string, number>> = constants.signals
  return 128 + (numbers[signal] ?? constants.signals.SIGINT)
}
