import { padEnd, widthOf } from '../view/width.ts'
import type { Command } from './command.ts'
import type { Flag, Flags } from './flag.ts'
import { GLOBAL_FLAGS } from './globals.ts'

export interface Section {
  title: string
  commands: readonly Command[]
}

export const ABOUT = 'flotilla brings a stack of containers up from one Compose file, and keeps it as declared.'

/** The document about the program, and the one about commands that have no section elsewhere. */
export const ABOUT_ALL = 'README.md'
export const ABOUT_COMMANDS = 'docs/compose-support.md#differences-from-docker-compose'

/** Where and how help is shown. */
export interface HelpStyle {
  columns: number
  /** The address of a document of the package. */
  documentation(path: string): string
}

/** The program's help: a description, the commands by group, the global flags, the address of the documentation. */
export function programHelp(groups: readonly Section[], { columns, documentation }: HelpStyle): string {
  const shown = groups.map(({ title, commands }) => ({ title, commands: commands.filter(({ hidden }) => !hidden) }))
  const width = Math.max(...shown.flatMap(({ commands }) => commands.map(({ name }) => name.length)))
  const rows = (commands: Section['commands']) =>
    commands.map(({ name, summary }): [string, string] => [name.padEnd(width), summary])
  const sections = [
    `${ABOUT}\n`,
    section('Usage', ['flotilla [GLOBAL FLAGS] COMMAND [FLAGS] [ARGUMENTS]']),
    ...shown.map(({ title, commands }) => section(title, pairs(rows(commands), columns))),
    section('Global flags', flagLines(GLOBAL_FLAGS, columns)),
    'flotilla help COMMAND, or flotilla COMMAND --help, describes a command.\n',
    `Documentation: ${documentation(ABOUT_ALL)}\n`,
  ]
  return sections.join('\n')
}

/** A command's help, generated from its definition. */
export function commandHelp(command: Command, { columns, documentation }: HelpStyle): string {
  const positionals = command.positionals ?? []
  const sections = [
    `${wrap(`${command.summary}.`, columns).join('\n')}\n`,
    section('Usage', [usageOf(command)]),
    ...(command.description
      ? [
          `${command.description
            .split('\n')
            .flatMap((line) => wrap(line, columns))
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
    'Global flags (see flotilla help) are accepted here too.\n',
    `Documentation: ${documentation(command.documentation ?? ABOUT_COMMANDS)}\n`,
  ]
  return sections.filter((text) => text !== '').join('\n')
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

/** Two columns; the second wraps within itself, or moves below the first on a narrow terminal. */
function pairs(rows: readonly (readonly [string, string])[], columns: number): string[] {
  const left = Math.max(0, ...rows.map(([term]) => widthOf(term))) + 2
  const narrow = columns - left - 2 < 24
  return rows.flatMap(([term, text]) => {
    const lines = wrap(text, narrow ? columns - 6 : columns - left - 2)
    if (narrow) return [term, ...lines.map((line) => `    ${line}`)]
    return lines.map((line, index) => `${padEnd(index === 0 ? term : '', left)}${line}`)
  })
}

function exampleLines({ command, does }: { command: string; does: string }, columns: number): string[] {
  return [command, ...wrap(does, columns - 6).map((line) => `    ${line}`)]
}

/** Wraps at spaces; an overlong word stays whole. */
function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > columns) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
