import { defineCommand } from '../../cli/command.ts'
import { runVerb, services } from '../shared/verb.ts'

export const command = defineCommand({
  name: 'pause',
  summary: 'Freeze the processes of containers; dependents first',
  description: 'Paused containers keep their memory and ports, but answer no requests until flotilla unpause.',
  examples: [
    { command: 'flotilla pause', does: 'Freeze the whole stack.' },
    { command: 'flotilla pause web', does: 'Freeze one service.' },
  ],
  flags: {},
  positionals: services('Services to pause'),
  run: (context, { args }) => runVerb(context, { kind: 'pause', services: args }),
})
