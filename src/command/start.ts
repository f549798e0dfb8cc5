import { defineCommand } from '../cli/command.ts'
import type { Flags } from '../cli/flag.ts'
import { runVerb, services } from './shared/verb.ts'

const FLAGS = {
  wait: { type: 'boolean', description: 'Return once everything is running and healthy' },
  'wait-timeout': { type: 'duration', value: 'SECONDS', description: 'How long --wait waits at most' },
} as const satisfies Flags

export const command = defineCommand({
  name: 'start',
  summary: 'Start containers that were stopped, what they depend on first',
  description: [
    'Starts what was created before, as it was created; flotilla up also creates what is missing and recreates what changed.',
    'Waits for the conditions of depends_on. A job that has done its work is done again only if it is named.',
  ].join(' '),
  examples: [
    { command: 'flotilla start', does: 'Start the whole stack again.' },
    {
      command: 'flotilla start --wait web',
      does: 'Start one service and what it needs, and return when they are healthy.',
    },
    { command: 'flotilla -p lab start', does: 'Start a project from anywhere, without its file.' },
  ],
  flags: FLAGS,
  positionals: services('Services to start, with what they need'),
  run: (context, { flags: { wait, waitTimeout }, args }) =>
    runVerb(context, {
      kind: 'start',
      services: args,
      wait: wait || waitTimeout !== undefined,
      ...(waitTimeout !== undefined && { waitTimeout }),
    }),
})
