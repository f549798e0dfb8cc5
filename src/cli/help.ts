import { pairs, prose, wrapped } from '../view/prose.ts'
import type { Command } from './command.ts'
import type { Flag, Flags } from './flag.ts'
import { GLOBAL_FLAGS } from './globals.ts'

export interface Section {
  title: string
  commands: readonly Command[]
}

export const ABOUT = 'flotilla brings a stack of containers up from one Compose file, and keeps it as declared.'

const ALSO = 'flotilla help COMMAND, or flotilla COMMAND --help, describes a command.'

/** The document about the program, and the one about commands that have no section elsewhere. */
export const ABOUT_ALL = 'README.md'
export const ABOUT_COMMANDS = 'docs/compose-support.md#differences-from-docker-compose'

/** Where and how help is shown. */
export interface HelpStyle {
  columns: number
  /** The width at which sentences are wrapped that a pipe gets on one line. */
  wrapAt: number
  /** The address of a document of the package. */
  documentation(path: string): string
}

/** The program's help: a description, the commands by group, the global flags, the address of the documentation. */
export function programHelp(groups: readonly Section[], { columns, wrapAt, documentation }: HelpStyle): string {
  const shown = groups.map(({ title, commands }) => ({ title, commands: commands.filter(({ hidden }) => !hidden) }))
  const width = Math.max(...shown.flatMap(({ commands }) => commands.map(({ name }) => name.length)))
  const rows = (commands: Section['commands']) =>
    commands.map(({ name, summary }): [string, string] => [name.padEnd(width), summary])
  const sections = [
    `${prose(ABOUT, { columns: wrapAt })}\n`,
    section('Usage', [usage('flotilla [GLOBAL FLAGS] COMMAND [FLAGS] [ARGUMENTS]', wrapAt)]),
    ...shown.map(({ title, commands }) => section(title, pairs(rows(commands), columns))),
    section('Global flags', flagLines(GLOBAL_FLAGS, columns)),
    `${prose(ALSO, { columns: wrapAt })}\n`,
    `${prose(`Documentation: ${documentation(ABOUT_ALL)}`, { columns: wrapAt })}\n`,
  ]
  return sections.join('\n')
}

/** The sentence after the help in a folder without a stack file. */
export function firstStepText(calledAs: string, { wrapAt }: HelpStyle): string {
  return `\n${prose(`There is no stack file here: ${calledAs} init writes one.`, { columns: wrapAt })}\n`
}

/** A command's help, generated from its definition. */
export function commandHelp(command: Command, { columns, wrapAt, documentation }: HelpStyle): string {
  const positionals = command.positionals ?? []
  const sections = [
    `${wrapped(`${command.summary}.`, columns).join('\n')}\n`,
    section('Usage', [usage(usageOf(command), wrapAt)]),
    ...(command.description
      ? [
          `${command.description
            .split('\n')
            .flatMap((line) => wrapped(line, columns))
            .join('\n')}\n`,
        ]
      : []),
    section(
      'Arguments',
      pairs(
        positionals.map((each) => [each.name, each.description]),
        columns,
      ),
    ),
    section('Flags', flagLines(command.flags, columns)),
    section(
      'Examples',
      command.examples.flatMap((each) => exampleLines(each, columns)),
    ),
    `${prose('Global flags (see flotilla help) are accepted here too.', { columns: wrapAt })}\n`,
    `${prose(`Documentation: ${documentation(command.documentation ?? ABOUT_COMMANDS)}`, { columns: wrapAt })}\n`,
  ]
  return sections.filter((text) => text !== '').join('\n')
}

function usage(line: string, wrapAt: number): string {
  return prose(line, { columns: wrapAt, taken: 2, indent: 6 })
}

/** E.g. `flotilla up [FLAGS] [SERVICE...]`. */
function usageOf(command: Command): string {
  const positionals = (command.positionals ?? []).map((each) => {
    const name = each.variadic ? `${each.name}...` : each.name
    return each.required ? name : `[${name}]`
  })
  return ['flotilla', command.name, '[FLAGS]', ...positionals].join(' ')
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}:\n${lines.map((line) => `  ${line}\n`).join('')}`
}

function flagLines(flags: Flags, columns: number): string[] {
  const visible = Object.entries(flags).filter(([, flag]) => !flag.hidden)
  const rows = visible.map(([name, flag]): [string, string] => [flagName(name, flag), flagText(flag)])
  return pairs(rows, columns)
}

function flagName(name: string, flag: Flag): string {
  const short = flag.short ? `-${flag.short}, ` : '    '
  const value = flag.type === 'boolean' ? '' : ` ${flag.value ?? flag.type.toUpperCase()}`
  return `${short}--${flag.negatable ? '[no-]' : ''}${name}${value}`
}

export function flagText(flag: Flag): string {
  return flag.choices ? `${flag.description} (${flag.choices.join(', ')})` : flag.description
}

function exampleLines({ command, does }: { command: string; does: string }, columns: number): string[] {
  return [command, ...wrapped(does, columns - 6).map((line) => `    ${line}`)]
}
