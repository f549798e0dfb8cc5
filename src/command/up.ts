import type { UpIntent } from '../backend/intent.ts'
import { defineCommand, type Input } from '../cli/command.ts'
import type { Context } from '../cli/context.ts'
import { INTERRUPTED } from '../cli/exit.ts'
import type { Flags } from '../cli/flag.ts'
import { logPrinter } from '../cli/show.ts'
import type { Loaded } from '../load/loaded.ts'
import type { Plan } from '../plan/plan.ts'
import type { Verb } from '../plan/step.ts'
import type { Emit } from '../run/event.ts'
import { carry } from './shared/carry.ts'
import { checkedStack, selectedServices } from './shared/converge.ts'
import { follow } from './shared/follow.ts'
import { unixSeconds } from './shared/moment.ts'
import { withoutProgressOf } from './shared/quiet-steps.ts'
import { stopInterrupted } from './shared/stop.ts'
import { exclude, PLAN_FLAGS, upIntent } from './shared/up-flags.ts'

const FLAGS = {
  detach: {
    type: 'boolean',
    short: 'd',
    description: 'Return once everything is started, instead of following the logs',
  },
  wait: { type: 'boolean', description: 'Return once everything is running and healthy; implies -d' },
  'wait-timeout': { type: 'duration', value: 'SECONDS', description: 'How long --wait waits at most' },
  ...PLAN_FLAGS,
  'quiet-pull': { type: 'boolean', description: 'Show no progress of pulls' },
  'no-log-prefix': { type: 'boolean', description: 'Print log lines without the names of their services' },
  'no-color': { type: 'boolean', description: 'Print log lines without colours' },
  timestamps: { type: 'boolean', description: 'Print log lines with their times' },
  yes: {
    type: 'boolean',
    short: 'y',
    hidden: true,
    description: 'Accepted for compatibility; flotilla asks no questions',
  },
} as const satisfies Flags

type UpInput = Input<typeof FLAGS>

export const command = defineCommand({
  name: 'up',
  summary: 'Bring services up as the stack declares them',
  description: [
    'Creates what is missing, recreates what changed, and leaves the rest alone; services start in the order of their',
    'dependencies. Without -d it then follows the logs until Ctrl-C, which stops what this command brought up.',
  ].join(' '),
  examples: [
    { command: 'flotilla up -d', does: 'Bring the whole stack up and return.' },
    { command: 'flotilla up --wait jupyter', does: 'Bring one service and what it needs up, until it is healthy.' },
    {
      command: 'flotilla up -d --build web',
      does: 'Build the image of web again and recreate it if that made a difference.',
    },
  ],
  flags: FLAGS,
  positionals: [
    { name: 'SERVICE', variadic: true, description: 'Services to bring up, with what they need; by default all' },
  ],
  async run(context, input) {
    const began = context.host.wallTime()
    const intent = intentOf(input)
    const attached = !(input.flags.detach || intent.wait || intent.noStart)
    const filter = input.flags.quietPull ? (emit: Emit) => withoutProgressOf(['pull'], emit) : undefined
    const want = async () => ({ declared: await checkedStack(context, intent), intent })
    const { declared: loaded, plan, code } = await carry(context, 'up', want, filter)
    if (context.globals.dryRun || (!context.signal.aborted && code !== 0)) return code
    if (attached && !context.signal.aborted) await attach(context, input, loaded, intent, plan, began)
    if (attached && context.signal.aborted)
      await stopInterrupted(context, loaded, servicesOf(loaded, intent), intent.timeout)
    return context.signal.aborted ? INTERRUPTED : 0
  },
})

function intentOf({ flags, args }: UpInput): UpIntent {
  exclude(flags.wait && flags.noStart, '--wait', '--no-start')
  const intent = { ...upIntent(flags, args), wait: flags.wait || flags.waitTimeout !== undefined }
  return flags.waitTimeout === undefined ? intent : { ...intent, waitTimeout: flags.waitTimeout }
}

function servicesOf(loaded: Loaded, intent: UpIntent): string[] {
  return [...selectedServices(loaded, intent)].sort()
}

/** Follows what was brought up: the logs of new containers from their beginning, those of others from now on. */
async function attach(
  context: Context,
  { flags }: UpInput,
  loaded: Loaded,
  intent: UpIntent,
  plan: Plan<unknown>,
  began: number,
): Promise<void> {
  const { reader } = await context.backend()
  const [created, started] = [subjectsOf(plan, 'create'), subjectsOf(plan, 'start')]
  const style = { prefix: !flags.noLogPrefix, timestamps: flags.timestamps, colour: !flags.noColor }
  const services = servicesOf(loaded, intent)
  const printer = await logPrinter(
    context,
    style,
    services.map((service) => `${service}-1`),
  )
  await follow(
    reader,
    {
      project: loaded.stack.name,
      services: new Set(services),
      from: ({ service, number }) =>
        created.has(`container/${service}/${number}`) ? {} : { since: unixSeconds(began) },
      isNews: ({ service, number }) => started.has(`container/${service}/${number}`),
      onLine: (name, line) => context.print(printer.line(name, line.text, line.time)),
      clock: context.terminal.clock,
      onExit: (name, code) => context.print(printer.remark(name, `exited with code ${code ?? 'unknown'}`)),
    },
    context.signal,
  )
}

/** What the plan does something to; a container's steps all go by its address, the temporary one's included. */
function subjectsOf(plan: Plan<unknown>, verb: Verb): Set<string> {
  return new Set(plan.steps.filter((step) => step.verb === verb).map((step) => step.group ?? step.subject))
}
