import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineCommand, type Input } from '../cli/command.ts'
import { Context } from '../cli/context.ts'
import { GLOBAL_FLAGS } from '../cli/globals.ts'
import { guardFolder, intentsOf } from '../cli/intents.ts'
import { cut } from '../cli/parse.ts'
import { StackError } from '../diagnostics/checked.ts'
import { error } from '../diagnostics/diagnostic.ts'
import type { Holder } from '../run/lock.ts'
import { type Charge, chargeOf } from './guard/charge.ts'
import { GUARD_FLAGS } from './guard/flags.ts'
import { Guardian } from './guard/guardian.ts'
import { postIsFree, takePost } from './guard/post.ts'
import { fromStdin, printUnit } from './guard/unit.ts'
import { watchFiles } from './guard/watch-files.ts'
import { exclude } from './shared/up-flags.ts'

export const command = defineCommand({
  name: 'guard',
  summary: 'Bring back what crashes, is removed or becomes unhealthy',
  description: [
    'Follows what happens to the project, and brings back what ended by itself, ran out of memory, became unhealthy or was removed: at',
    'once, then after longer and longer pauses, up to a minute. What anybody stopped or killed on purpose stays as it is, and what the',
    'stack file says differently now is reported, not changed. Without -d it guards until Ctrl-C.',
  ].join(' '),
  examples: [
    { command: 'flotilla guard', does: 'Guard the stack, and print what happens.' },
    { command: 'flotilla guard -d', does: 'Guard it in the background, whoever logs out.' },
    { command: 'flotilla guard --stop', does: 'End the guard; the stack goes on.' },
    {
      command: 'flotilla guard --print-unit > /etc/systemd/system/lab-guard.service',
      does: 'Have the system start the guard.',
    },
  ],
  flags: GUARD_FLAGS,
  positionals: [{ name: 'SERVICE', variadic: true, description: 'Services to guard; by default all' }],
  async run(context, { flags, args }) {
    exclusiveFlags(flags)
    if (flags.status) return tellStatus(context)
    if (flags.stop) return end(context)
    const charge = await chargeOf(context, args)
    if (context.globals.file.includes('-')) throw new StackError([fromStdin()])
    if (flags.printUnit) return printUnit(context, args, context.host.home === '/root').then(() => 0)
    return flags.detach ? detach(context) : guard(context, charge, args)
  },
})

type GuardInput = Input<typeof GUARD_FLAGS>

function exclusiveFlags({ detach, stop, status, printUnit }: GuardInput['flags']): void {
  const given = Object.entries({ '--detach': detach, '--stop': stop, '--status': status, '--print-unit': printUnit })
  const [one, other] = given.flatMap(([name, isGiven]) => (isGiven ? [name] : []))
  exclude(other !== undefined, one ?? '', other ?? '')
}

async function guard(context: Context, first: Charge, args: readonly string[]): Promise<number> {
  const post = await takePost(context)
  if ('holder' in post) throw new StackError([guarded(await context.projectName(), post.holder)])
  const pidFile = join(await madeFolder(context), 'guard.pid')
  writeFileSync(pidFile, `${context.host.processes?.own ?? ''}\n`, { mode: 0o600 })
  try {
    await standGuard(context, first, args)
    return 0
  } finally {
    rmSync(pidFile, { force: true })
    await post.leave()
  }
}

async function standGuard(context: Context, first: Charge, args: readonly string[]): Promise<void> {
  const [project, view] = await Promise.all([context.projectName(), context.view()])
  const { host } = context
  const say = (text: string) => view.say(`${new Date(host.wallTime()).toISOString()} ${text}`)
  let charge = first
  const guardian = new Guardian({
    charge: () => charge,
    project,
    reader: await context.reader(),
    store: await intentsOf(context),
    clock: context.terminal.clock,
    signal: context.signal,
    say,
    onReady() {
      say(`guarding ${project}: ${charge.services.join(', ')}`)
      host.processes?.ready()
    },
  })
  const reload = async () => {
    const read = await readAgain(context, charge, args, say)
    if (!read) return
    charge = read
    guardian.stackChanged()
  }
  const unwatch = watchFiles(first.files, () => void reload())
  try {
    await guardian.run()
    say(`no longer guarding ${project}`)
  } finally {
    unwatch()
  }
}

/** Undefined where the files say the same as before, or cannot be understood: then what was read before still counts. */
async function readAgain(
  { host, globals }: Context,
  before: Charge,
  args: readonly string[],
  say: (text: string) => void,
): Promise<Charge | undefined> {
  const context = new Context(host, globals)
  try {
    const read = await chargeOf(context, args)
    return JSON.stringify(read.loaded.stack) === JSON.stringify(before.loaded.stack) ? undefined : read
  } catch (thrown) {
    if (!(thrown instanceof StackError)) throw thrown
    say('the stack file cannot be understood any more; what was read before still counts')
    ;(await context.view()).problems(thrown.diagnostics)
    return undefined
  }
}

function guarded(project: string, { pid }: Holder) {
  const hint = 'flotilla guard --stop ends it'
  return error('locked', `${project} is guarded already${pid > 0 ? `, by process ${pid}` : ''}`, { hint })
}

async function tellStatus(context: Context): Promise<number> {
  const [project, post] = await Promise.all([context.projectName(), takePost(context)])
  if ('leave' in post) {
    await post.leave()
    context.print(`${project} is not guarded\n`)
    return 1
  }
  const log = join(await guardFolder(context), 'guard.log')
  context.print(`${project} is guarded by process ${post.holder.pid}\n${sizeOf(log) > 0 ? `log: ${log}\n` : ''}`)
  return 0
}

async function end(context: Context): Promise<number> {
  const [project, post] = await Promise.all([context.projectName(), takePost(context)])
  if ('leave' in post) {
    await post.leave()
    context.print(`${project} is not guarded\n`)
    return 0
  }
  context.host.processes?.end(post.holder.pid)
  await postIsFree(context)
  context.print(`${project} is no longer guarded\n`)
  return 0
}

/** A log above this size begins anew; the one before is kept. */
const MOST_BYTES = 4 * 1024 * 1024

async function detach(context: Context): Promise<number> {
  const { processes, argv } = context.host
  if (!processes) throw new StackError([error('usage', 'a guard cannot be detached here')])
  const post = await takePost(context)
  if ('holder' in post) throw new StackError([guarded(await context.projectName(), post.holder)])
  await post.leave()
  const folder = await madeFolder(context)
  const log = join(folder, 'guard.log')
  if (sizeOf(log) > MOST_BYTES) renameSync(log, `${log}.1`)
  const { pid, ended } = await processes.begin(attachedArgs(argv), log)
  if (ended !== undefined) {
    const hint = `its log is ${log}`
    throw new StackError([error('engine-error', `the guard ended at once, with exit code ${ended}`, { hint })])
  }
  context.print(`${await context.projectName()} is guarded by process ${pid}\n`)
  context.print(`pid file: ${join(folder, 'guard.pid')}\nlog: ${log}\n`)
  return 0
}

/** The same command line, less that it is to be detached. */
function attachedArgs(argv: readonly string[]): string[] {
  const { before, name = 'guard', rest } = cut(argv, GLOBAL_FLAGS)
  const at = rest.indexOf('--')
  const flags = at < 0 ? rest : rest.slice(0, at)
  return [...before, name, ...flags, '--detach=false', ...(at < 0 ? [] : rest.slice(at))]
}

async function madeFolder(context: Context): Promise<string> {
  const folder = await guardFolder(context)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
