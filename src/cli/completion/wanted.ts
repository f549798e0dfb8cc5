import { parseArgs } from 'node:util'
import type { StackSource } from '../../project/runtime.ts'
import type { Command, Positional } from '../command.ts'
import type { Flag, Flags } from '../flag.ts'
import { GLOBAL_FLAGS, withGlobals } from '../globals.ts'
import { cut } from '../parse.ts'

/** The possible completions at the end of a command line. */
export interface Wanted {
  /** Fixed words, each with its description. */
  words: readonly Word[]
  /** The kind of names to look up. */
  names?: 'services' | 'profiles' | 'projects'
  paths?: 'files' | 'folders'
  /** Precedes every candidate, e.g. `--progress=`. */
  prefix: string
  /** Follows every name: `:` if the word continues. */
  suffix?: string
}

export interface Word {
  word: string
  means?: string
}

const NOTHING: Wanted = { words: [], prefix: '' }
const FILES: Wanted = { ...NOTHING, paths: 'files' }

/** The words before the one to complete. */
export interface Begun {
  /** Undefined while the command's name itself is completed. */
  command: Command | undefined
  /** The words after the command's name, or all words without one. */
  words: readonly string[]
}

/** Splits the words at the command's name. */
export function nameIn(words: readonly string[]): { name?: string; before: string[]; rest: string[] } {
  return cut(words, GLOBAL_FLAGS)
}

/**
 * The completions for the current word.
 * @param current the part of the word typed so far
 * @param commands the candidates for a command's name
 */
export function wantedAt({ command, words }: Begun, current: string, commands: readonly Word[]): Wanted {
  const flags: Flags = command ? withGlobals(command.flags) : GLOBAL_FLAGS
  const { awaiting, positionals } = soFar(words, flags)
  if (command?.handsOn && positionals > 0) return FILES
  if (awaiting) return { ...valuesOf(awaiting, flags[awaiting]), prefix: '' }
  const [prefix = '', name = ''] = /^--([a-z-]+)=/.exec(current) ?? []
  if (prefix) return { ...valuesOf(name, flags[name]), prefix }
  if (current.startsWith('-')) return { ...NOTHING, words: flagWords(flags) }
  return command ? argumentOf(command, positionals) : { ...NOTHING, words: commands }
}

/** The stack that the words before and after a command's name select; ignores all other words. */
export function sourceIn(before: readonly string[], rest: readonly string[], flags: Flags): StackSource {
  const [first, then] = [valuesIn(before, GLOBAL_FLAGS), valuesIn(rest, flags)]
  const list = (name: string) => [...first(name), ...then(name)]
  const last = (name: string) => list(name).at(-1)
  return {
    file: list('file'),
    projectName: last('project-name'),
    projectDirectory: last('project-directory'),
    envFile: list('env-file'),
    profile: list('profile'),
  }
}

function valuesIn(words: readonly string[], flags: Flags): (name: string) => string[] {
  const { values } = parseArgs({ args: [...words], options: optionsOf(flags), strict: false, allowPositionals: true })
  return (name) => [values[name] ?? []].flat().map(String)
}

function optionsOf(flags: Flags) {
  const options = Object.entries(flags).map(([name, { type, short }]) => {
    const kind: 'boolean' | 'string' = type === 'boolean' ? 'boolean' : 'string'
    return [name, { type: kind, multiple: type === 'list', ...(short && { short }) }] as const
  })
  return Object.fromEntries(options)
}

/** The flag that still needs its value, if any, and the number of arguments. */
function soFar(words: readonly string[], flags: Flags): { awaiting?: string; positionals: number } {
  const options = optionsOf(flags)
  const { tokens } = parseArgs({ args: [...words], options, strict: false, tokens: true, allowPositionals: true })
  const last = tokens.at(-1)
  const open = last?.kind === 'option' && last.value === undefined && options[last.name]?.type === 'string'
  const positionals = tokens.filter(({ kind }) => kind === 'positional').length
  return { ...(open && { awaiting: last.name }), positionals }
}

/** Completions by the value's name in help. */
const BY_VALUE: Readonly<Record<string, Omit<Wanted, 'prefix'>>> = {
  FILE: { words: [], paths: 'files' },
  PATH: { words: [], paths: 'files' },
  DIR: { words: [], paths: 'folders' },
  SERVICE: { words: [], names: 'services' },
  'SERVICE,...': { words: [{ word: '*' }], names: 'services' },
  'SERVICE=N': { words: [], names: 'services', suffix: '=' },
}

function valuesOf(name: string, flag: Flag | undefined): Omit<Wanted, 'prefix'> {
  const known = flag?.type === 'boolean' ? ['true', 'false'] : (flag?.choices ?? flag?.suggestions)
  if (known) return { words: known.map((word) => ({ word })) }
  if (name === 'profile') return { words: [], names: 'profiles' }
  if (name === 'project-name') return { words: [], names: 'projects' }
  return BY_VALUE[flag?.value ?? ''] ?? { words: [] }
}

function flagWords(flags: Flags): Word[] {
  return Object.entries(flags)
    .filter(([, { hidden }]) => !hidden)
    .flatMap(([name, { description, negatable }]) => [
      { word: `--${name}`, means: description },
      ...(negatable ? [{ word: `--no-${name}`, means: description }] : []),
    ])
}

function argumentOf({ positionals = [] }: Command, at: number): Wanted {
  const last = positionals.at(-1)
  const positional = positionals[at] ?? (last?.variadic ? last : undefined)
  return positional ? ofArgument(positional) : NOTHING
}

/** Completions by the argument's name in help. */
function ofArgument({ name, choices, suggestions }: Positional): Wanted {
  if (suggestions) return { ...NOTHING, words: suggestions() }
  if (choices) return { ...NOTHING, words: choices.map((word) => ({ word })) }
  if (name === 'SERVICE') return { ...NOTHING, names: 'services' }
  if (name.startsWith('SERVICE=')) return { ...NOTHING, names: 'services', suffix: '=' }
  if (name === 'SOURCE' || name === 'DESTINATION') return { ...FILES, names: 'services', suffix: ':' }
  return name === 'FILE' || name === 'FOLDER' ? FILES : NOTHING
}
