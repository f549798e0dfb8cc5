const OWN = '\uFDD2'
const MARKED = /\uFDD2flotilla ([a-z]*)/g

/** The marks around a command, between which a terminal's lines do not break. */
export const COMMAND_BEGIN = '\uFDD3'
export const COMMAND_END = '\uFDD4'

/** A command in a sentence, for the user to copy. */
export function shellCommand(words: string): string {
  return `${COMMAND_BEGIN}${words}${COMMAND_END}`
}

/**
 * A command of this program in a sentence, for the user to type. It is marked, because only the command line knows the name under
 * which it was called and the flags that selected the stack: without them, the command would apply to another project.
 * `withoutMarks` returns it as `flotilla logs db`.
 */
export function ownCommand(words: string): string {
  return shellCommand(`${OWN}flotilla ${words}`)
}

/** The command line up to the name of a command, e.g. `docker compose -f lab.yaml logs` for `logs`. */
export type OwnCommandLine = (command: string) => string

/** Completes each marked command of a sentence. */
export function withOwnCommands(sentence: string, lineOf: OwnCommandLine): string {
  return sentence.replace(MARKED, (_, command: string) => lineOf(command))
}
