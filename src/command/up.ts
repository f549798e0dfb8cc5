import type { UpIntent } from '../backend/intent.ts'
import { defineCommand, type Input } from '../cli/command.ts'
import { INTERRUPTED } from '../cli/exit.ts'
import type { Flags } from '../cli/flag.ts'
import type { Verb } from '../plan/step.ts'
import type { Emit } from '../run/event.ts'
import { ATTACH_FLAGS, checkAttachFlags } from './shared/attach-flags.ts'
import { checkAttached } from './shared/attached-services.ts'
import { carry } from './shared/carry.ts'
import { checkedStack } from './shared/converge.ts'
import { withoutProgressOf } from './shared/quiet-steps.ts'
import { Started } from './shared/started.ts'
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
  'quiet-build': { type: 'boolean', description: 'Show no progress of builds' },
  'quiet-pull': { type: 'boolean', description: 'Show no progress of pulls' },
  ...ATTACH_FLAGS,
  yes: {
    type: 'boolean',
    short: 'y',
    hidden: true,
    description: 'Accepted for compatibility; flotilla asks no questions',
  },
} as const satisfies Flags

type UpFlags = Input<typeof FLAGS>['flags']

export const command = defineCommand({
  name: 'up',
  summary: 'Bring services up as the stack declares them',
  description: [
    'Creates what is missing, recreates what changed, and leaves the rest alone; services start in the order of their dependencies.',
    'Without -d it then follows the logs, through restarts, until nothing runs any more or Ctrl-C stops what this command started:',
    'the second Ctrl-C kills, the third leaves at once.',
  ].join(' '),
  examples: [
    { command: 'flotilla up -d', does: 'Bring the whole stack up and return.' },
    { command: 'flotilla up --wait jupyter', does: 'Bring one service and what it needs up, until it is healthy.' },
    {
      command: 'flotilla up -d --build web',
      does: 'Build the image of web again and recreate it if that made a difference.',
    },
    {
      command: 'flotilla up --exit-code-from tests',
      does: 'Bring everything up, and stop it once the tests have ended, with their exit code.',
    },
  ],
  flags: FLAGS,
  positionals: [
    { name: 'SERVICE', variadic: true, description: 'Services to bring up, with what they need; by default all' },
  ],
  async run(context, { flags, args }) {
    const began = context.host.wallTime()
    const intent = intentOf(flags, args)
    const staying = !(flags.detach || intent.wait || intent.noStart)
    const started = new Started()
    const quiet = quietVerbs(flags)
    const filter = (emit: Emit) => started.listen(withoutProgressOf(quiet, emit))
    const want = async () => {
      const declared = await checkedStack(context, intent)
      if (staying) await checkAttached(context, flags, declared, intent)
      return { declared, intent }
    }
    const { declared: loaded, code } = await carry(context, 'up', want, filter)
    const interrupted = context.signal.aborted
    if (context.globals.dryRun || (!interrupted && code !== 0)) return code
    const attachment = { flags, loaded, intent, started, began }
    if (!staying) return interrupted ? INTERRUPTED : 0
    const { attached, stopStarted } = await import('./shared/attached.ts')
    if (!interrupted) return attached(context, attachment)
    await stopStarted(context, attachment)
    return INTERRUPTED
  },
})

function intentOf(flags: UpFlags, services: string[]): UpIntent {
  const wait = flags.wait || flags.waitTimeout !== undefined
  exclude(flags.wait && flags.noStart, '--wait', '--no-start')
  checkAttachFlags({ ...flags, wait })
  const intent = { ...upIntent(flags, services), wait }
  return flags.waitTimeout === undefined ? intent : { ...intent, waitTimeout: flags.waitTimeout }
}

function quietVerbs({ quietPull, quietBuild }: UpFlags): Verb[] {
  return [...(quietPull ? (['pull'] as const) : []), ...(quietBuild ? (['build'] as const) : [])]
}
