import type { Context } from './context.ts'
import type { Flags, FlagValues } from './flag.ts'

export interface Positional {
  /** As help shows it: `SERVICE`. */
  name: string
  description: string
  required?: true
  /** Takes all that remain. */
  variadic?: true
  /** The words that are accepted. */
  choices?: readonly string[]
}

export interface Example {
  command: string
  does: string
}

/** The part of the command line that a command's `run` receives. */
export interface Input<F extends Flags = Flags> {
  flags: FlagValues<F>
  args: string[]
}

/** A command is this one object in one file. Everything that can be known without running it is data. */
export interface Command<F extends Flags = Flags> {
  name: string
  /** One line, for the list of commands. */
  summary: string
  /** Paragraphs for `help NAME`. */
  description?: string
  examples: readonly Example[]
  flags: F
  positionals?: readonly Positional[]
  /** Accepted, but not shown by help. */
  hidden?: true
  /** The words after the first positional, or all, belong to another program or command line: flags among them are not read. */
  handsOn?: true | 'all'
  /** Resolves to the exit code. Problems of the user's making are thrown as StackError. */
  run(context: Context, input: Input<F>): Promise<number>
}

/** Commands by name, each loaded only when it is needed. */
export type CommandTable = Readonly<Record<string, () => Promise<Command>>>

/** Commands that do related things: a folder of `command/`, and a section of the program's help. */
export interface CommandGroup {
  title: string
  commands: CommandTable
  /** Other names of commands, by which they can be called and which help does not show. */
  aliases?: Readonly<Record<string, string>>
}

export function commandsOf(groups: readonly CommandGroup[]): CommandTable {
  return Object.assign({}, ...groups.map(({ commands }) => commands))
}

/** The name in the table of what may be another name. */
export function ownName(groups: readonly CommandGroup[], name: string): string {
  const aliases: Record<string, string> = Object.assign({}, ...groups.map((group) => group.aliases ?? {}))
  return Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name
}

/** Gives `run` the types of the command's own flags. */
export function defineCommand<const F extends Flags>(command: Command<F>): Command<F> {
  return command
}
