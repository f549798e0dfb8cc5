import type { UpIntent } from '../../backend/intent.ts'
import { defineCommand, type Input } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import { INTERRUPTED, isAbort } from '../../cli/exit.ts'
import type { Flags } from '../../cli/flag.ts'
import type { Globals } from '../../cli/globals.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import type { Emit } from '../../execute/event.ts'
import type { Verb } from '../../plan/step.ts'
import { checkedStack } from '../../project/load/checked-stack.ts'
import { clearOrphanChoice } from '../../project/load/orphans.ts'
import { reportFallen } from '../shared/fallen.ts'
import { withoutProgressOf } from '../shared/quiet-steps.ts'
import { runOrPreview } from '../shared/run-or-preview.ts'
import { exclude, lockedIntent, PLAN_FLAGS, upIntent } from '../shared/up-flags.ts'
import { ATTACH_FLAGS, checkAttachFlags, wantsMenu } from './attached/attach-flags.ts'
import type { Attached } from './attached/attached.ts'
import { checkAttached } from './attached/attached-services.ts'
import { RunningSteps } from './attached/running-steps.ts'
import { StartedContainers } from './attached/started-containers.ts'
import { aborted } from './attached/stop.ts'
import { reportPages } from './pages.ts'

const FLAGS = {
  detach: {
    type: 'boolean',
    short: 'd',
    description: 'Return once everything is started, instead of following the logs',
  },
  wait: { type: 'boolean', description: 'Return once everything is running and healthy; implies -d' },
  'wait-timeout': { type: 'duration', value: 'SECONDS', description: 'Maximum time that --wait waits' },
  ...PLAN_FLAGS,
  'quiet-build': { type: 'boolean', description: 'Show no progress of builds' },
  'quiet-pull': { type: 'boolean', description: 'Show no progress of pulls' },
  ...ATTACH_FLAGS,
} as const satisfies Flags

type UpFlags = Input<typeof FLAGS>['flags']

export const command = defineCommand({
  name: 'up',
  summary: 'Bring services up as the stack declares them',
  description: [
    'Creates what is missing, recreates what changed, and leaves the rest alone; services start in the order of their dependencies.',
    'Without -d, it shows the logs of the services from the first start until all have ended.',
    'Ctrl-C stops the services that this command started; a second Ctrl-C kills them, a third returns at once.',
  ].join(' '),
  examples: [
    { command: 'flotilla up -d', does: 'Bring the whole stack up and return.' },
    { command: 'flotilla up --wait jupyter', does: 'Bring one service and what it needs up, until it is healthy.' },
    {
      command: 'flotilla up -d --build web',
      does: 'Rebuild the image of web, and recreate its containers if the image changed.',
    },
    {
      command: 'flotilla up --exit-code-from tests',
      does: 'Bring everything up, and stop it once the tests have ended, with their exit code.',
    },
  ],
  documentation: 'docs/compose-support.md#how-attributes-are-applied',
  flags: FLAGS,
  positionals: [
    { name: 'SERVICE', variadic: true, description: 'Services to bring up, with what they need; by default all' },
  ],
  async run(context, { flags, args }) {
    const orphans = await clearOrphanChoice(context.project, flags.removeOrphans)
    const intent = { ...intentOf(flags, args, context.globals), ...orphans }
    const started = new StartedContainers()
    const isStaying = !(flags.detach || intent.wait || intent.noStart || context.globals.dryRun)
    const bringing = { flags, intent, started, began: context.host.wallTime(), again: context.host.interrupts.next() }
    const attached = isStaying ? await attachedTo(context, bringing) : undefined
    try {
      const code = await bringUp(context, bringing, attached)
      const isOver = () => code === 0 || context.signal.aborted || attached?.decided.aborted
      if (!isOver()) await attached?.drained()
      return attached && isOver() ? await stayed(context, bringing, attached) : code
    } finally {
      await attached?.close()
    }
  },
})

/** Stays attached; applies changes of source files in the meantime, with --watch or when the user asks for it. */
async function stayed(context: Context, { flags, intent }: Bringing, attached: Attached): Promise<number> {
  if (context.signal.aborted) return attached.stay()
  const watch = async () => {
    const { watchAlong } = await import('./watch/watch-along.ts')
    return watchAlong(context, intent, { quiet: flags.quietBuild, prune: true })
  }
  const watching = flags.watch ? await watch() : undefined
  if (!wantsMenu(context, flags.menu)) return attached.stay().finally(() => watching?.stop())
  const { Menu } = await import('./attached/menu.ts')
  const menu = new Menu(context, { watch, detach: () => attached.detach() })
  menu.begin(watching)
  const close = () => menu.close()
  return attached.stay(close).finally(close)
}

interface Bringing {
  flags: UpFlags
  intent: UpIntent
  started: StartedContainers
  began: number
  /** Aborts at the second Ctrl-C. */
  again: AbortSignal
}

async function attachedTo(context: Context, bringing: Bringing): Promise<Attached> {
  context.project.containers = {
    created: (_, id) => bringing.started.create(id),
    attached: (session) => session.close(),
  }
  const { Attached } = await import('./attached/attached.ts')
  return new Attached(context, bringing)
}

/** Resolves to the exit code so far, even if steps are still running that the user no longer waits for. */
async function bringUp(context: Context, bringing: Bringing, attached: Attached | undefined): Promise<number> {
  const { flags, intent, started, again } = bringing
  const running = new RunningSteps(context.terminal.clock)
  const quiet = quietVerbs(flags)
  const filter = (emit: Emit) => {
    const view = running.listen(withoutProgressOf(quiet, emit))
    return started.listen(attached ? attached.listen(view) : view)
  }
  const load = async () => {
    const declared = await checkedStack(context.project, intent)
    if (attached) await checkAttached(context, flags, declared, intent)
    await attached?.prepare(declared)
    return { declared, intent: await lockedIntent(context, flags, declared, intent) }
  }
  const enough = attached ? AbortSignal.any([context.signal, attached.decided]) : context.signal
  const carried = runOrPreview(context, { command: 'up', load, filter, enough }).then(async (done) => {
    // If attached, the ends of containers are reported as they happen.
    if (attached) return done.code
    await reportFallen(context, done)
    if (done.code === 0 && !context.globals.dryRun)
      await reportPages(context, Object.keys(done.declared.stack.services))
    return done.code
  })
  const code = await Promise.race([attached ? carried.catch(unlessInterrupted(context)) : carried, aborted(again)])
  if (code !== undefined) return code
  await leave(context, running, attached !== undefined)
  return INTERRUPTED
}

/** What an attached `up` has started still has to be stopped if it is interrupted between steps, e.g. while it looks back at them. */
function unlessInterrupted({ signal }: Context): (thrown: unknown) => number {
  return (thrown) => {
    if (signal.aborted && isAbort(thrown)) return INTERRUPTED
    throw thrown
  }
}

/** Called on interruption; started containers that are attached are stopped afterwards. */
async function leave(context: Context, running: RunningSteps, isAttached: boolean): Promise<void> {
  const open = running.leave()
  const view = await context.view()
  await view.flush()
  const what = open.length > 0 ? `: ${open.join(', ')}` : ''
  if (!isAttached) view.say(`Leaving things as they are${what}; the next ${ownCommand('up')} continues from there`)
}

function intentOf(flags: UpFlags, services: string[], globals: Globals): UpIntent {
  const wait = flags.wait || flags.waitTimeout !== undefined
  exclude(flags.wait && flags.noStart, '--wait', '--no-start')
  checkAttachFlags({ ...flags, wait })
  const intent = { ...upIntent(flags, services, globals), wait }
  return flags.waitTimeout === undefined ? intent : { ...intent, waitTimeout: flags.waitTimeout }
}

function quietVerbs({ quietPull, quietBuild }: UpFlags): Verb[] {
  return [...(quietPull ? (['pull'] as const) : []), ...(quietBuild ? (['build'] as const) : [])]
}
