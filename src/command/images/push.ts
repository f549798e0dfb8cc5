import { defineCommand } from '../../cli/command.ts'
import type { Flags } from '../../cli/flag.ts'
import { runImages } from './run-images.ts'

const FLAGS = {
  'ignore-push-failures': { type: 'boolean', description: 'Push what can be pushed; a failed push is only a warning' },
  'include-deps': { type: 'boolean', description: 'Also push for the services that the named ones depend on' },
  quiet: { type: 'boolean', short: 'q', description: 'Show no progress' },
} as const satisfies Flags

export const command = defineCommand({
  name: 'push',
  summary: 'Push built images to their registries',
  description: 'Pushes the image of each service that declares both build and image, and its build.tags.',
  examples: [
    { command: 'flotilla push', does: 'Push all images of the stack that are built here.' },
    {
      command: 'flotilla push --ignore-push-failures web',
      does: 'Push the image of web and its further tags, if possible.',
    },
  ],
  flags: FLAGS,
  positionals: [{ name: 'SERVICE', variadic: true, description: 'Services whose images to push; by default all' }],
  run: (context, { flags, args }) =>
    runImages(
      context,
      {
        kind: 'push',
        services: args,
        dependencies: flags.includeDeps,
        ignoreFailures: flags.ignorePushFailures,
      },
      flags.quiet,
    ),
})
