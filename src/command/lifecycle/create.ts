import type { UpIntent } from '../../backend/intent.ts'
import { defineCommand, type Input } from '../../cli/command.ts'
import type { Flags } from '../../cli/flag.ts'
import type { Globals } from '../../cli/globals.ts'
import type { Emit } from '../../execute/event.ts'
import { checkedStack } from '../../project/load/checked-stack.ts'
import { clearOrphanChoice } from '../../project/load/orphans.ts'
import { withoutProgressOf } from '../shared/quiet-steps.ts'
import { runOrPreview } from '../shared/run-or-preview.ts'
import { PLAN_FLAGS, upIntent } from '../shared/up-flags.ts'

const FLAGS = {
  build: PLAN_FLAGS.build,
  'no-build': PLAN_FLAGS['no-build'],
  'force-recreate': PLAN_FLAGS['force-recreate'],
  'no-recreate': PLAN_FLAGS['no-recreate'],
  pull: PLAN_FLAGS.pull,
  'quiet-pull': { type: 'boolean', description: 'Show no progress of pulls' },
  'remove-orphans': PLAN_FLAGS['remove-orphans'],
  scale: PLAN_FLAGS.scale,
  'take-over': PLAN_FLAGS['take-over'],
} as const satisfies Flags

export const command = defineCommand({
  name: 'create',
  summary: 'Create containers as the stack declares them, and start none',
  description: 'Same as flotilla up --no-start: also creates images, networks and volumes, and recreates what changed.',
  examples: [
    { command: 'flotilla create', does: 'Create whatever is missing; flotilla start starts it.' },
    { command: 'flotilla create --build web', does: 'Rebuild the image of web, and create its container.' },
    { command: 'flotilla --dry-run create', does: 'Show what would be created.' },
  ],
  documentation: 'docs/compose-support.md#how-attributes-are-applied',
  flags: FLAGS,
  positionals: [
    { name: 'SERVICE', variadic: true, description: 'Services to create, with what they need; by default all' },
  ],
  async run(context, { flags, args }) {
    const orphans = await clearOrphanChoice(context.project, flags.removeOrphans)
    const intent = { ...intentOf(flags, args, context.globals), ...orphans }
    const filter = (emit: Emit) => (flags.quietPull ? withoutProgressOf(['pull'], emit) : emit)
    const load = async () => ({ declared: await checkedStack(context.project, intent), intent })
    return (await runOrPreview(context, { command: 'create', load, filter })).code
  },
})

function intentOf(flags: Input<typeof FLAGS>['flags'], services: string[], globals: Globals): UpIntent {
  const all = { ...flags, noDeps: false, noStart: true, timeout: undefined, renewAnonVolumes: false }
  return upIntent(all, services, globals)
}
