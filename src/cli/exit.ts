import { constants } from 'node:os'

/** What the shell is told when Ctrl-C ended a command: 128 + SIGINT. */
export const INTERRUPTED = 130

/** What shells make of a process that a signal (`SIGTERM`) ended: 128 + its number. */
export function codeOfSignal(signal: string): number {
  const numbers: Readonly<Record<string, number>> = constants.signals
  return 128 + (numbers[signal] ?? constants.signals.SIGINT)
}
