const OWN = '\uFDD2'
const MARKED = /\uFDD2flotilla ([a-z]*)/g

/**
 * A command of this program in a sentence, for the user to type. It is marked, because only the command line knows the name under
 * which it was called and the flags that selected the stack: without them, the command would apply to another project.
 * `withoutMarks` returns it as `flotilla logs db`.
 */
export function ownCommand(words: string): string {
  return `${OWN}flotilla ${words}`
}

/** The command line up to the name of a command, e.g. `docker compose -f lab.yaml logs` for `logs`. */
export type OwnCommandLine = (command: string) => string

/** Completes each marked command of a sentence. */
export function withOwnCommands(sentence: string, lineOf: OwnCommandLine): string {
  return sentence.replace(MARKED, (_, command: string) => lineOf(command))
}
