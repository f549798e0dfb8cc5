import { defineCommand } from '../../cli/command.ts'
import { runVerb, services, TIMEOUT } from '../shared/verb.ts'

export const command = defineCommand({
  name: 'stop',
  summary: 'Stop containers and keep them; dependents first',
  description: 'Runs pre_stop hooks, then gives each container its grace period. With -p, no stack file is needed.',
  examples: [
    { command: 'flotilla stop', does: 'Stop the whole stack; flotilla start brings the same containers back.' },
    { command: 'flotilla stop -t 60 db', does: 'Stop one service, with a grace period of a minute.' },
    { command: 'flotilla -p lab stop', does: 'Stop a project from any directory, without its file.' },
  ],
  flags: { timeout: TIMEOUT },
  positionals: services('Services to stop'),
  run: (context, { flags: { timeout }, args }) =>
    runVerb(context, { kind: 'stop', services: args, ...(timeout !== undefined && { timeout }) }),
})
