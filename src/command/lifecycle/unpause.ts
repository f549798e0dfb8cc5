import { defineCommand } from '../../cli/command.ts'
import { runVerb, services } from '../shared/verb.ts'

export const command = defineCommand({
  name: 'unpause',
  summary: 'Resume paused containers; dependencies first',
  description: 'Containers that are not paused stay as they are.',
  examples: [
    { command: 'flotilla unpause', does: 'Resume the whole stack.' },
    { command: 'flotilla unpause web', does: 'Resume one service.' },
  ],
  flags: {},
  positionals: services('Services to unpause'),
  run: (context, { args }) => runVerb(context, { kind: 'unpause', services: args }),
})
