import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineCommand, type Input } from '../../cli/command.ts'
import { Context } from '../../cli/context.ts'
import type { Flags } from '../../cli/flag.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import { guardStack } from '../../guard/guard.ts'
import { withGuardLock } from '../../guard/guard-lock.ts'
import { type GuardedStack, guardedStackOf } from '../../guard/guarded-stack.ts'
import { exclude } from '../shared/up-flags.ts'
import { detach, endGuard, madeFolder, tellStatus } from './guard/background.ts'
import { fromStdin, printUnit } from './guard/unit.ts'

const FLAGS = {
  detach: { type: 'boolean', short: 'd', description: 'Guard in the background, and print the path of its log' },
  stop: { type: 'boolean', description: 'Stop the guard of the project' },
  status: { type: 'boolean', description: 'Show which process guards the project; exit code 1 if none does' },
  'print-unit': { type: 'boolean', description: 'Print a systemd unit that guards the project' },
} as const satisfies Flags

export const command = defineCommand({
  name: 'guard',
  summary: 'Bring back what crashes, is removed or becomes unhealthy',
  description: [
    'Watches the project, and brings back containers that ended by themselves, ran out of memory, became unhealthy or were removed: at',
    'first immediately, then after increasing pauses of up to a minute. Containers in the namespaces of another one are brought back with it.',
    'Containers that were stopped or killed on purpose stay as they are; changes to the stack file are reported, not applied.',
    'Without -d it guards until Ctrl-C.',
  ].join(' '),
  examples: [
    { command: 'flotilla guard', does: 'Guard the stack, and print what happens.' },
    { command: 'flotilla guard -d', does: 'Guard it in the background, also after logging out.' },
    { command: 'flotilla guard --stop', does: 'Stop the guard; the stack keeps running.' },
    {
      command: 'flotilla guard --print-unit > /etc/systemd/system/lab-guard.service',
      does: 'Have the system start the guard.',
    },
  ],
  documentation: 'docs/architecture.md#the-guard',
  flags: FLAGS,
  positionals: [{ name: 'SERVICE', variadic: true, description: 'Services to guard; by default all' }],
  async run(context, { flags, args }) {
    exclusiveFlags(flags)
    if (flags.status) return tellStatus(context)
    if (context.globals.dryRun && !flags.printUnit) throw new StackError([noDryRun()])
    if (flags.stop) return endGuard(context)
    const guarded = await guardedStackOf(context.project, args)
    if (context.globals.file.includes('-')) throw new StackError([fromStdin()])
    if (flags.printUnit) return printUnit(context, args, context.host.home === '/root').then(() => 0)
    return flags.detach ? detach(context) : guard(context, guarded, args)
  },
})

type GuardInput = Input<typeof FLAGS>

function exclusiveFlags({ detach, stop, status, printUnit }: GuardInput['flags']): void {
  const given = Object.entries({ '--detach': detach, '--stop': stop, '--status': status, '--print-unit': printUnit })
  const [one, other] = given.flatMap(([name, isGiven]) => (isGiven ? [name] : []))
  exclude(other !== undefined, one ?? '', other ?? '')
}

function noDryRun() {
  return error('usage', 'guard has no --dry-run', {
    hint: `${ownCommand('plan')} shows what differs from the stack file`,
  })
}

async function guard(context: Context, first: GuardedStack, args: readonly string[]): Promise<number> {
  await withGuardLock(context.project, () => standGuard(context, first, args))
  return 0
}

async function standGuard(context: Context, first: GuardedStack, args: readonly string[]): Promise<void> {
  const { host, project } = context
  const pidFile = join(await madeFolder(project), 'guard.pid')
  writeFileSync(pidFile, `${host.processes?.own ?? ''}\n`, { mode: 0o600 })
  const view = await context.view()
  try {
    await guardStack(first, {
      services: args,
      // A new context for each reopening: its view hides the secrets of the files in their current state.
      reopen: () => new Context(host, context.globals).project,
      say: (text) => view.say(`${new Date(host.wallTime()).toISOString()} ${text}`),
      onReady: () => host.processes?.ready(),
    })
  } finally {
    rmSync(pidFile, { force: true })
  }
}
