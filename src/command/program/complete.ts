import type { Reader } from '../../backend/reader.ts'
import { type Command, type CommandGroup, commandsOf, defineCommand, ownName } from '../../cli/command.ts'
import { completionText, DIRECTIVE } from '../../cli/completion/protocol.ts'
import { nameIn, sourceIn, type Wanted, type Word, wantedAt } from '../../cli/completion/wanted.ts'
import type { Context } from '../../cli/context.ts'
import { withGlobals } from '../../cli/globals.ts'
import type { StackSource } from '../../project/runtime.ts'

/** Shells and docker call it for each press of the tab key. */
export function completer(groups: () => readonly CommandGroup[], described: boolean): Command {
  const name = described ? '__complete' : '__completeNoDesc'
  return defineCommand({
    name,
    hidden: true,
    summary: 'Print what may follow a command line, for shells',
    examples: [{ command: `flotilla ${name} up ''`, does: 'Completions after up.' }],
    flags: {},
    positionals: [{ name: 'WORD', variadic: true, description: 'The command line so far; the last word is completed' }],
    handsOn: 'all',
    async run(context, { args }) {
      context.print(await answer(context, { groups: groups(), args, described }))
      return 0
    },
  })
}

interface Asked {
  groups: readonly CommandGroup[]
  /** The last word is the one to complete. */
  args: readonly string[]
  described: boolean
}

/** Never fails: a shell must not show errors in the middle of a command line. */
async function answer(context: Context, { groups, args, described }: Asked): Promise<string> {
  const current = args.at(-1) ?? ''
  try {
    const { wanted, source } = await understood(groups, args.slice(0, -1), current)
    context.adopt({ ...source, offline: true })
    const { prefix, suffix = '' } = wanted
    const names = wanted.names ? await lookUp(context, wanted.names) : []
    const words = [...wanted.words, ...names.map((name) => ({ word: `${name}${suffix}` }))]
    const whole = words.map(({ word, ...rest }): Word => ({ word: `${prefix}${word}`, ...rest }))
    const fitting = whole.filter(({ word }) => word.startsWith(current))
    const shown = context.host.plugin === undefined ? fitting : fitting.map((each) => withoutFlag(each, current))
    return completionText(shown, directiveOf(wanted, fitting), described)
  } catch {
    return completionText([], DIRECTIVE.error, described)
  }
}

/** Docker's scripts put the flag of `--flag=value` in front of what its plugins answer (spf13/cobra). */
function withoutFlag({ word, ...rest }: Word, current: string): Word {
  const [flag = ''] = /^-[^=]*=/.exec(current) ?? []
  return { word: word.slice(flag.length), ...rest }
}

async function understood(
  groups: readonly CommandGroup[],
  words: readonly string[],
  current: string,
): Promise<{ wanted: Wanted; source: StackSource }> {
  const { name, before, rest } = nameIn(words)
  const load = name === undefined ? undefined : commandsOf(groups)[ownName(groups, name)]
  const command = await load?.()
  const source = sourceIn(before, name === undefined ? [] : rest, withGlobals(command?.flags ?? {}))
  if (command) return { wanted: wantedAt({ command, words: rest }, current, []), source }
  const commands = name === undefined || name === 'help' ? await summaries(groups) : []
  return { wanted: wantedAt({ command, words: before }, current, commands), source }
}

async function summaries(groups: readonly CommandGroup[]): Promise<Word[]> {
  const all = await Promise.all(Object.values(commandsOf(groups)).map((load) => load()))
  const shown = all.filter(({ hidden }) => !hidden)
  return [
    ...shown.map(({ name, summary }) => ({ word: name, means: summary })),
    { word: 'help', means: 'Describe a command' },
  ]
}

/** Names from the stack file, or else from the engine. */
async function lookUp({ project, signal }: Context, names: NonNullable<Wanted['names']>): Promise<string[]> {
  if (names === 'projects') return projects(await project.reader(), signal)
  const checked = await project.checked()
  if (!checked.ok) {
    if (names === 'profiles') return []
    const listed = await (await project.reader()).list(await project.name(), { all: true }, signal)
    return [...new Set(listed.map(({ service }) => service))]
  }
  const { services, inactive } = checked.value.stack
  const all = { ...services, ...inactive }
  if (names === 'services') return Object.keys(all)
  return [...new Set(Object.values(all).flatMap(({ profiles }) => profiles ?? []))]
}

async function projects(reader: Reader, signal: AbortSignal): Promise<string[]> {
  const listed = await reader.details(undefined, { all: true }, signal)
  return [...new Set(listed.map(({ project }) => project))].sort()
}

function directiveOf({ paths, suffix }: Wanted, fitting: readonly Word[]): number {
  const space = suffix || fitting.some(({ word }) => word.endsWith('=')) ? DIRECTIVE.noSpace : 0
  if (paths === 'folders') return DIRECTIVE.folders | space
  return (paths ? 0 : DIRECTIVE.noFiles) | space
}
