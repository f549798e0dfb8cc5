import { UP, type UpIntent } from '../../backend/intent.ts'
import { defineCommand } from '../../cli/command.ts'
import type { Flags } from '../../cli/flag.ts'
import { checkedStack } from '../../project/load/checked-stack.ts'
import { orphanChoice } from '../../project/load/orphans.ts'
import { reportFallen } from '../shared/fallen.ts'
import { runOrPreview } from '../shared/run-or-preview.ts'
import { parseScale } from '../shared/scale.ts'

const FLAGS = {
  'no-deps': { type: 'boolean', description: 'Do not touch the services that the named ones depend on' },
} as const satisfies Flags

export const command = defineCommand({
  name: 'scale',
  summary: 'Change the number of containers of services',
  description: [
    'Surplus containers are removed: outdated ones first, then those that are unhealthy or not running, then the highest numbers.',
    'The next flotilla up follows the stack file again.',
  ].join(' '),
  examples: [
    { command: 'flotilla scale web=3', does: 'Run three containers of web, and what they need.' },
    { command: 'flotilla scale web=3 worker=0', does: 'Three of one service and none of another.' },
    { command: 'flotilla --dry-run scale web=1', does: 'Show what would be removed.' },
  ],
  documentation: 'docs/compose-support.md#how-attributes-are-applied',
  flags: FLAGS,
  positionals: [
    { name: 'SERVICE=N', required: true, variadic: true, description: 'How many containers of which service' },
  ],
  async run(context, { flags: { noDeps }, args }) {
    const scale = parseScale(args)
    const { allResources } = context.globals
    const { ignoreOrphans } = await orphanChoice(context.project)
    const intent: UpIntent = {
      ...UP,
      services: Object.keys(scale),
      scale,
      noDeps,
      ...(allResources && { allResources }),
      ...(ignoreOrphans && { ignoreOrphans }),
    }
    const load = async () => ({ declared: await checkedStack(context.project, intent), intent })
    const done = await runOrPreview(context, { command: 'scale', load })
    await reportFallen(context, done)
    return done.code
  },
})
