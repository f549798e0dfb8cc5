import { defineCommand } from '../../cli/command.ts'
import type { Flags } from '../../cli/flag.ts'
import { noteObsolete, runImages } from './run-images.ts'

const FLAGS = {
  'ignore-buildable': { type: 'boolean', description: 'Skip images of services that have a build' },
  'ignore-pull-failures': { type: 'boolean', description: 'Pull what can be pulled; a failed pull is only a warning' },
  'include-deps': { type: 'boolean', description: 'Also pull for the services that the named ones depend on' },
  policy: {
    type: 'string',
    value: 'POLICY',
    choices: ['missing', 'always'],
    description: 'When to pull images, whatever their pull_policy says',
  },
  quiet: { type: 'boolean', short: 'q', description: 'Show no progress' },
  parallel: { type: 'boolean', negatable: true, hidden: true, description: 'Accepted for compatibility' },
} as const satisfies Flags

export const command = defineCommand({
  name: 'pull',
  summary: 'Pull the images of services, all at once',
  description:
    'Also pulls images that services mount and images of their pre_start hooks. Containers stay as they are: ' +
    'flotilla up recreates those whose image has changed.',
  examples: [
    { command: 'flotilla pull', does: 'Pull the newest images of the whole stack.' },
    { command: 'flotilla pull --policy missing', does: 'Pull only images that are not there.' },
    { command: 'flotilla pull --include-deps web', does: 'Pull for web, and for what it depends on.' },
  ],
  flags: FLAGS,
  positionals: [{ name: 'SERVICE', variadic: true, description: 'Services to pull for; by default all' }],
  async run(context, { flags, args }) {
    await noteObsolete(context, { parallel: flags.parallel !== undefined })
    return runImages(
      context,
      {
        kind: 'pull',
        services: args,
        dependencies: flags.includeDeps,
        ignoreBuildable: flags.ignoreBuildable,
        ignoreFailures: flags.ignorePullFailures,
        ...(flags.policy && { policy: flags.policy }),
      },
      flags.quiet,
    )
  },
})
