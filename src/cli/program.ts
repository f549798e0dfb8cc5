import { StackError, unwrap } from '../diagnostics/checked.ts'
import { type Diagnostic, error } from '../diagnostics/diagnostic.ts'
import { ownCommand, shellCommand } from '../diagnostics/own-command.ts'
import { slipOf } from '../diagnostics/suggest.ts'
import { reasonOf } from '../diagnostics/system-error.ts'
import { type Command, type CommandGroup, type CommandTable, commandsOf, type Input, ownName } from './command.ts'
import { Context } from './context.ts'
import { INTERRUPTED, isAbort } from './exit.ts'
import { camel, type Flags, type FlagValues } from './flag.ts'
import { GLOBAL_FLAGS, type Globals, mergeGlobals, withGlobals } from './globals.ts'
import type { HelpStyle } from './help.ts'
import type { Host } from './host.ts'
import { COMMANDS_NOT_YET, commandLeftOut, commandNotYet, meaningOf } from './not-yet.ts'
import { calledAs, renamed } from './own-command.ts'
import { cut, parse } from './parse.ts'
import { METADATA } from './plugin/call.ts'
import { isAscii } from './terminal/modes.ts'
import { hasNoReader } from './terminal/output.ts'

interface Invocation {
  globals: Globals
  command: Command
  input: Input
}

/** Runs one command line. Resolves to the exit code; throws only for bugs. */
export async function runProgram(host: Host, commands: readonly CommandGroup[]): Promise<number> {
  const code = await carriedOut(host, commands)
  return (await isDelivered(host)) ? code : code || 1
}

async function carriedOut(host: Host, commands: readonly CommandGroup[]): Promise<number> {
  let context: Context | undefined
  try {
    const invocation = await understand(host, commands)
    if (typeof invocation === 'string') return await printed(host, renamed(invocation, host, commandsOf(commands)))
    context = new Context(host, invocation.globals)
    host.onCommand?.(invocation.command.name)
    return await invocation.command.run(context, invocation.input)
  } catch (thrown) {
    context ??= new Context(host, globalsOf(host))
    await context.flush()
    return await tell(context, thrown)
  } finally {
    await context?.flush()
  }
}

/** Whether all output was written, ignoring a reader that has gone. Reports a standard output that cannot be written. */
async function isDelivered(host: Host): Promise<boolean> {
  const { out, err } = host.terminal
  await Promise.all([out.written?.(), err.written?.()])
  const [unwritten, untold] = [out, err].map(({ lost }) => lost?.aborted === true && !hasNoReader(lost.reason))
  if (unwritten) {
    const view = await new Context(host, globalsOf(host)).view()
    view.problems([error('usage', `standard output cannot be written: ${reasonOf(out.lost?.reason)}`)])
  }
  return !unwritten && !untold
}

/** The command to run, or the requested help text. Throws StackError with every usage problem. */
async function understand(host: Host, groups: readonly CommandGroup[]): Promise<Invocation | string> {
  if (host.refusal) throw new StackError([host.refusal])
  const { before, name, rest } = cut(host.argv, GLOBAL_FLAGS)
  const globals = unwrap(parse(before, GLOBAL_FLAGS, calledAs(host))).values as unknown as Globals
  if (globals.version) return understand({ ...host, argv: ['version', ...rest] }, groups)
  if (name === METADATA) return `${(await import('./plugin/metadata.ts')).metadataOf(host.plugin, host.version)}\n`
  if (name === undefined) return `${await help([], host, groups)}${globals.help ? '' : await firstStep(host, globals)}`
  if (name === 'help') return help(rest, host, groups)
  const command = await find(ownName(groups, name), commandsOf(groups))
  if (globals.help) return helpOn(command, host)
  const flags = withGlobals(command.flags)
  const { own: given, others: foreign } = handedOn(command, rest, flags)
  const parsed = unwrap(parse(given, flags, `${calledAs(host)} ${name}`))
  const { values } = parsed
  const positionals = [...parsed.positionals, ...foreign]
  if (values.help === true) return helpOn(command, host)
  const problems = [...countPositionals(command, positionals, calledAs(host)), ...wrongWords(command, positionals)]
  if (problems.length > 0) throw new StackError(problems)
  const { own, others } = apart(values, command.flags)
  return { globals: mergeGlobals(globals, others), command, input: { flags: own, args: positionals } }
}

function handedOn({ handsOn }: Command, argv: readonly string[], flags: Flags): { own: string[]; others: string[] } {
  if (handsOn === 'all') return { own: [], others: [...argv] }
  return handsOn ? apartFrom(argv, flags) : { own: [...argv], others: [] }
}

/** Splits the arguments at the first that is not a flag: the rest is passed on. A `--` between the two parts is dropped. */
function apartFrom(argv: readonly string[], flags: Flags): { own: string[]; others: string[] } {
  const { before, name, rest } = cut(argv, flags)
  const [first, ...words] = rest
  if (name === undefined) return { own: before, others: [] }
  return { own: before, others: [name, ...(first === '--' ? words : rest)] }
}

/** Separates a command's own values from those of the global flags. */
function apart(
  values: Record<string, unknown>,
  flags: Flags,
): { own: FlagValues<Flags>; others: Record<string, unknown> } {
  const names = new Set(Object.keys(flags).map(camel))
  const entries = Object.entries(values)
  const own = Object.fromEntries(entries.filter(([name]) => names.has(name)))
  return { own: own as FlagValues<Flags>, others: Object.fromEntries(entries.filter(([name]) => !names.has(name))) }
}

async function find(name: string, commands: CommandTable): Promise<Command> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (load) return load()
  throw new StackError([unknownCommand(name, Object.keys(commands))])
}

function unknownCommand(name: string, known: readonly string[]): Diagnostic {
  const list = `${ownCommand('help')} lists the commands`
  const leftOut = commandLeftOut(name)
  if (leftOut) return error('usage', `flotilla has no command "${name}": ${leftOut.why}`, { hint: leftOut.hint })
  const later = commandNotYet(name)
  if (later) return error('usage', `flotilla has no command "${name}" yet`, { hint: later.hint ?? list })
  const near = slipOf(name, [...known, ...COMMANDS_NOT_YET])
  const meant =
    meaningOf(name) ?? (near && `"${near}"${known.includes(near) ? '' : ', which flotilla does not support yet'}`)
  const hint = meant ? `did you mean ${meant}? ${list}` : list
  return error('usage', `unknown command "${name}"`, { hint })
}

async function help(names: readonly string[], host: Host, groups: readonly CommandGroup[]): Promise<string> {
  const [name] = names.filter((each) => !each.startsWith('-'))
  if (name !== undefined) return helpOn(await find(ownName(groups, name), commandsOf(groups)), host)
  const [{ programHelp }, sections] = await Promise.all([import('./help.ts'), Promise.all(groups.map(loaded))])
  return programHelp(sections, helpStyle(host))
}

/** A sentence for a user who has no stack file here yet. */
async function firstStep(host: Host, globals: Globals): Promise<string> {
  const [{ namesStack }, { firstStepText }] = await Promise.all([
    import('../project/load/stack-files.ts'),
    import('./help.ts'),
  ])
  return namesStack(host, globals) ? '' : firstStepText(calledAs(host), helpStyle(host))
}

async function loaded({ title, commands }: CommandGroup) {
  return { title, commands: await Promise.all(Object.values(commands).map((load) => load())) }
}

async function helpOn(command: Command, host: Host): Promise<string> {
  const { commandHelp } = await import('./help.ts')
  return commandHelp(command, helpStyle(host))
}

function helpStyle({ terminal: { out }, documentation }: Host): HelpStyle {
  return { columns: out.columns(), wrapAt: out.isTTY ? out.columns() : Infinity, documentation }
}

function countPositionals({ name, positionals = [] }: Command, given: readonly string[], called: string): Diagnostic[] {
  const required = positionals.filter((each) => each.required)
  const missing = required[given.length]
  const hint = `see ${shellCommand(`${called} ${name} --help`)}`
  if (missing) return [error('usage', `${missing.name} is missing`, { hint })]
  const most = positionals.some((each) => each.variadic) ? Infinity : positionals.length
  return given.length > most ? [error('usage', `unexpected argument "${given[most]}"`, { hint })] : []
}

function wrongWords({ positionals = [] }: Command, given: readonly string[]): Diagnostic[] {
  return positionals.flatMap(({ name, choices }, at) => {
    const word = given[at]
    if (!choices || word === undefined || choices.includes(word)) return []
    return [error('usage', `${name} must be one of ${choices.join(', ')}, not "${word}"`)]
  })
}

/** Shows errors of the user or the engine; any other error is a bug and is rethrown. */
async function tell(context: Context, thrown: unknown): Promise<number> {
  if (context.signal.aborted && isAbort(thrown)) return INTERRUPTED
  const view = await context.view()
  if (thrown instanceof StackError) view.problems(thrown.diagnostics)
  else throw thrown
  return 1
}

async function printed(host: Host, text: string): Promise<number> {
  const { inAscii } = await import('../view/ascii.ts')
  host.terminal.out.write(isAscii(host.env) ? inAscii(text) : text)
  return 0
}

/** The global flags for problems during parsing: those that can be parsed still apply. */
function globalsOf(host: Host): Globals {
  const given = parse(cut(host.argv, GLOBAL_FLAGS).before, GLOBAL_FLAGS, 'flotilla')
  const parsed = given.ok ? given.value : unwrap(parse([], GLOBAL_FLAGS, 'flotilla'))
  return parsed.values as unknown as Globals
}
