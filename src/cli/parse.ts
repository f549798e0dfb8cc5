import { parseArgs } from 'node:util'
import { type Checked, checked } from '../diagnostics/checked.ts'
import { type Diagnostic, error } from '../diagnostics/diagnostic.ts'
import { shellCommand } from '../diagnostics/own-command.ts'
import { slipOf } from '../diagnostics/suggest.ts'
import { convert } from './convert.ts'
import { absent, camel, type Flag, type Flags } from './flag.ts'

export interface Parsed {
  /** Values by camel-case name. */
  values: Record<string, unknown>
  positionals: string[]
}

interface Option {
  name: string
  flag: Flag
  /** The option is a `--no-NAME`. */
  negated?: true
}

/** Parses arguments by a table of flags. Reports all problems together, each as a `usage` error. */
export function parse(argv: readonly string[], flags: Flags, command: string): Checked<Parsed> {
  const options = optionsOf(flags)
  const problems: Diagnostic[] = []
  const values = Object.fromEntries(Object.entries(flags).map(([name, flag]) => [camel(name), absent(flag)]))
  const positionals: string[] = []
  for (const token of tokensOf(argv, options)) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const option = options.get(token.name)
    if (!option) problems.push(unknownFlag(token.rawName, flags, command))
    else problems.push(...assign(values, option, token.rawName, token.value))
  }
  return checked({ values, positionals }, problems)
}

/**
 * Splits the arguments at the command's name: global flags, name, the command's own arguments. Without a name, all are global. parse
 * reports a flag before the name that is not global.
 */
export function cut(argv: readonly string[], globals: Flags): { before: string[]; name?: string; rest: string[] } {
  for (const token of tokensOf(argv, optionsOf(globals))) {
    if (token.kind !== 'positional') continue
    return { before: argv.slice(0, token.index), name: token.value, rest: argv.slice(token.index + 1) }
  }
  return { before: [...argv], rest: [] }
}

function tokensOf(argv: readonly string[], options: Map<string, Option>) {
  const config = [...options].map(([name, { flag }]) => {
    const type: 'boolean' | 'string' = flag.type === 'boolean' ? 'boolean' : 'string'
    return [name, { type, ...(flag.short && options.get(name)?.name === name && { short: flag.short }) }] as const
  })
  const parsed = parseArgs({
    args: [...argv],
    options: Object.fromEntries(config),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  return parsed.tokens
}

/** Every accepted long name, including aliases and `--no-` forms. */
function optionsOf(flags: Flags): Map<string, Option> {
  const options = Object.entries(flags).flatMap(([name, flag]): [string, Option][] => [
    [name, { name, flag }],
    ...(flag.aliases ?? []).map((alias): [string, Option] => [alias, { name, flag }]),
    ...(flag.negatable ? [[`no-${name}`, { name, flag, negated: true as const }] satisfies [string, Option]] : []),
  ])
  return new Map(options)
}

function assign(
  values: Record<string, unknown>,
  option: Option,
  rawName: string,
  text: string | undefined,
): Diagnostic[] {
  const given = rawName.startsWith('--') ? text : text?.replace(/^=/, '')
  const converted = convert(option.flag, given)
  if ('wrong' in converted) return [error('usage', `${rawName} ${converted.wrong}`)]
  const key = camel(option.name)
  const before = values[key]
  if (Array.isArray(before)) values[key] = [...before, converted.value]
  else values[key] = option.negated ? !converted.value : converted.value
  return []
}

function unknownFlag(rawName: string, flags: Flags, command: string): Diagnostic {
  const see = `see ${shellCommand(`${command} --help`)}`
  const name = rawName.slice(2)
  const near = rawName.startsWith('--') ? slipOf(name, Object.keys(flags)) : undefined
  return error('usage', `unknown flag ${rawName}`, { hint: near ? `did you mean --${near}? (${see})` : see })
}
