import { UP } from '../../backend/intent.ts'
import { defineCommand, type Input } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import { INTERRUPTED } from '../../cli/exit.ts'
import type { Flags } from '../../cli/flag.ts'
import type { Emit } from '../../execute/event.ts'
import { checkedStack, selectedServices } from '../../project/load/checked-stack.ts'
import { reportFallen } from '../shared/fallen.ts'
import { withoutProgressOf } from '../shared/quiet-steps.ts'
import { runOrPreview } from '../shared/run-or-preview.ts'
import { services } from '../shared/verb.ts'

const FLAGS = {
  'no-up': { type: 'boolean', description: 'Do not build and bring up the services first' },
  prune: {
    type: 'boolean',
    negatable: true,
    description: 'Remove images that a rebuild replaces, if nothing else names or uses them (default)',
  },
  quiet: { type: 'boolean', description: 'Show no progress of builds' },
} as const satisfies Flags

export const command = defineCommand({
  name: 'watch',
  summary: 'Bring services up, and apply changes of their source files as they happen',
  description: [
    'develop.watch declares the files to watch, and what to do when they change: sync copies files into running containers, rebuild builds the',
    'image and replaces the containers, restart restarts them; sync+restart and sync+exec do both in turn. Changes in quick succession are applied',
    'together. Files that .dockerignore excludes from the build context are not watched. Runs until Ctrl-C; the services keep running.',
  ].join(' '),
  examples: [
    { command: 'flotilla watch', does: 'Bring the stack up and watch the files of all its services.' },
    { command: 'flotilla watch --no-up web', does: 'Watch the files of one service that is up already.' },
  ],
  flags: FLAGS,
  positionals: services('Services whose files are watched'),
  async run(context, input) {
    const { loaded, code } = await broughtUp(context, input)
    if (code !== 0) return code
    const [{ declaredRules }, { watching }] = await Promise.all([
      import('./watch/declared-rules.ts'),
      import('./watch/watching.ts'),
    ])
    const rules = await declaredRules(
      context,
      loaded,
      selectedServices(loaded, { services: input.args, noDeps: false }),
    )
    if (context.globals.dryRun) return preview(context, rules)
    await watching(context, rules, { quiet: input.flags.quiet, prune: input.flags.prune !== false }, context.signal)
    return context.signal.aborted ? INTERRUPTED : 0
  },
})

async function broughtUp(context: Context, { flags, args }: Input<typeof FLAGS>) {
  const intent = { ...UP, services: args, build: true }
  if (flags.noUp) return { loaded: await checkedStack(context.project, intent), code: 0 }
  const filter = (emit: Emit) => (flags.quiet ? withoutProgressOf(['build'], emit) : emit)
  const load = async () => ({ declared: await checkedStack(context.project, intent), intent })
  const done = await runOrPreview(context, { command: 'up', load, filter })
  await reportFallen(context, done)
  return { loaded: done.declared, code: done.code }
}

async function preview(
  context: Context,
  rules: readonly { path: string; service: string; action: string }[],
): Promise<number> {
  const view = await context.view()
  for (const { path, service, action } of rules) view.say(`would watch ${path} for ${service}: ${action}`)
  return 0
}
