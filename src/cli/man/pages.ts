import type { Command, Positional } from '../command.ts'
import type { Flag, Flags } from '../flag.ts'
import { GLOBAL_FLAGS } from '../globals.ts'
import { ABOUT, ABOUT_ALL, ABOUT_COMMANDS, flagText, type Section } from '../help.ts'
import { bold, example, italic, paragraphs, roff, section, tagged } from './roff.ts'

/** The facts of a release. */
interface Release {
  version: string
  /** E.g. `2026-11-30`. */
  date: string
}

/** The manual: pages of section 1 in the language man(7), by file name (`flotilla-up.1`). */
export function manPages(groups: readonly Section[], release: Release): Map<string, string> {
  const shown = groups.map(({ title, commands }) => ({ title, commands: commands.filter(({ hidden }) => !hidden) }))
  const pages = shown.flatMap((group) => group.commands.map((command) => commandPage(command, group, release)))
  return new Map([programPage(shown, release), ...pages])
}

type Page = [file: string, text: string]

function page(name: string, lines: readonly string[], { version, date }: Release): Page {
  const head = `.TH ${roff(name.toUpperCase())} 1 "${date}" "flotilla ${version}" "flotilla"`
  return [`${name}.1`, `${[head, ...lines].join('\n')}\n`]
}

function programPage(groups: readonly Section[], release: Release): Page {
  const commands = groups.flatMap(({ title, commands }) => [
    `.SS ${roff(title)}`,
    ...commands.flatMap(({ name, summary }) => tagged(reference(pageOf(name)), summary)),
  ])
  const lines = [
    ...section('Name', [`flotilla \\- ${roff(lowered(ABOUT))}`]),
    ...section('Synopsis', [
      `${bold('flotilla')} [${italic('GLOBAL OPTIONS')}] ${italic('COMMAND')} [${italic('OPTIONS')}] [${italic('ARGUMENTS')}]`,
    ]),
    ...section('Commands', commands),
    ...section('Global options', optionLines(GLOBAL_FLAGS)),
    ...section('See also', documented([], ABOUT_ALL)),
  ]
  return page('flotilla', lines, release)
}

function commandPage(command: Command, group: Section, release: Release): Page {
  const { name, summary, description, positionals = [], flags, examples } = command
  const others = group.commands.filter((each) => each.name !== name).map((each) => pageOf(each.name))
  const lines = [
    ...section('Name', [`${roff(pageOf(name))} \\- ${roff(lowered(summary))}`]),
    ...section('Synopsis', [[bold(`flotilla ${name}`), `[${italic('OPTIONS')}]`, ...positionals.map(usage)].join(' ')]),
    ...section('Description', paragraphs(description ?? `${summary}.`)),
    ...section(
      'Arguments',
      positionals.flatMap((each) => tagged(italic(each.name), each.description)),
    ),
    ...section('Options', [...optionLines(flags), '.PP', `${reference('flotilla')} lists the global options.`]),
    ...section(
      'Examples',
      examples.flatMap((each) => example(each.command, each.does)),
    ),
    ...section('See also', documented(['flotilla', ...others], command.documentation)),
  ]
  return page(pageOf(name), lines, release)
}

function pageOf(name: string): string {
  return `flotilla-${name}`
}

function reference(name: string): string {
  return `${bold(name)}(1)`
}

/** A summary as it stands after a name: no capital at its start, no full stop. */
function lowered(text: string): string {
  const whole = text.replace(/\.$/, '')
  return /^[A-Z][a-z]/.test(whole) ? whole.charAt(0).toLowerCase() + whole.slice(1) : whole
}

function usage({ name, required, variadic }: Positional): string {
  const word = `${italic(name)}${variadic ? '...' : ''}`
  return required ? word : `[${word}]`
}

function optionLines(flags: Flags): string[] {
  const shown = Object.entries(flags).filter(([, flag]) => !flag.hidden)
  return shown.flatMap(([name, flag]) => tagged(optionName(name, flag), flagText(flag)))
}

function optionName(name: string, { short, negatable, type, value }: Flag): string {
  const names = [...(short ? [`-${short}`] : []), `--${negatable ? '[no-]' : ''}${name}`].map(bold).join(', ')
  return type === 'boolean' ? names : `${names} ${italic(value ?? type.toUpperCase())}`
}

function documented(pages: readonly string[], document = ABOUT_COMMANDS): string[] {
  return [[...pages.map(reference), `${roff(document)} in the package`].join(', ')]
}
