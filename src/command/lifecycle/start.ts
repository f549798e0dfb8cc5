import { defineCommand } from '../../cli/command.ts'
import type { Flags } from '../../cli/flag.ts'
import { runVerb, services } from '../shared/verb.ts'

const FLAGS = {
  wait: { type: 'boolean', description: 'Return once everything is running and healthy' },
  'wait-timeout': { type: 'duration', value: 'SECONDS', description: 'Maximum time that --wait waits' },
} as const satisfies Flags

export const command = defineCommand({
  name: 'start',
  summary: 'Start stopped containers; dependencies first',
  description: [
    'Starts existing containers as they were created; flotilla up also creates what is missing and recreates what changed.',
    'Waits for the conditions of depends_on. A job that has completed runs again only if it is named.',
  ].join(' '),
  examples: [
    { command: 'flotilla start', does: 'Start the whole stack again.' },
    {
      command: 'flotilla start --wait web',
      does: 'Start one service and what it needs, and return when they are healthy.',
    },
    { command: 'flotilla -p lab start', does: 'Start a project from any directory, without its file.' },
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
