import type { Context } from './context.ts'
import type { Flags, FlagValues } from './flag.ts'

export interface Positional {
  /** The name in help, e.g. `SERVICE`. */
  name: string
  description: string
  required?: true
  /** Takes all remaining arguments. */
  variadic?: true
  /** The accepted words. */
  choices?: readonly string[]
  /** Words for completion; the command checks what it is given. */
  suggestions?(): readonly { word: string; means: string }[]
}

interface Example {
  command: string
  does: string
}

/** The part of the command line that a command's `run` receives. */
export interface Input<F extends Flags = Flags> {
  flags: FlagValues<F>
  args: string[]
}

/** A command is one object in one file. Everything known without running it is data. */
export interface Command<F extends Flags = Flags> {
  name: string
  /** One line, for the list of commands. */
  summary: string
  /** Paragraphs for `help NAME`. */
  description?: string
  examples: readonly Example[]
  /** The section about the command in a document of the package: `docs/architecture.md#the-guard`. */
  documentation?: string
  flags: F
  positionals?: readonly Positional[]
  /** Accepted, but not shown by help. */
  hidden?: true
  /** The words after the first positional, or all words, belong to another program: flags among them are not parsed. */
  handsOn?: true | 'all'
  /** Resolves to the exit code. The user's errors are thrown as StackError. */
  run(context: Context, input: Input<F>): Promise<number>
}

/** Commands by name, each loaded on first use. */
export type CommandTable = Readonly<Record<string, () => Promise<Command>>>

/** A group of related commands: a folder of `command/`, and a section of the program's help. */
export interface CommandGroup {
  title: string
  commands: CommandTable
  /** Aliases of commands, which help does not show. */
  aliases?: Readonly<Record<string, string>>
}

export function commandsOf(groups: readonly CommandGroup[]): CommandTable {
  return Object.assign({}, ...groups.map(({ commands }) => commands))
}

/** The command's name in the table, given its name or an alias. */
export function ownName(groups: readonly CommandGroup[], name: string): string {
  const aliases: Record<string, string> = Object.assign({}, ...groups.map((group) => group.aliases ?? {}))
  return Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name
}

/** Infers the types of `run`'s flags from the command's own flags. */
export function defineCommand<const F extends Flags>(command: Command<F>): Command<F> {
  return command
}
