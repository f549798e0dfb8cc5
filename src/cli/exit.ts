import { constants } from 'node:os'

/** The exit code of a command that Ctrl-C ended: 128 + SIGINT. */
export const INTERRUPTED = 130

/** The exit code that shells give a process that a signal (`SIGTERM`) ended: 128 + its number. */
export function codeOfSignal(signal: string): number {
  const numbers: Readonly<Record<string, number>> = constants.signals
  return 128 + (numbers[signal] ?? constants.signals.SIGINT)
}
