import { defineCommand } from '../../cli/command.ts'
import type { Flags } from '../../cli/flag.ts'
import { runVerb, services, TIMEOUT } from '../shared/verb.ts'

const FLAGS = {
  'no-deps': { type: 'boolean', description: 'Do not restart dependents with restart: true' },
  timeout: TIMEOUT,
} as const satisfies Flags

export const command = defineCommand({
  name: 'restart',
  summary: 'Stop containers and start them again, in the order of their dependencies',
  description: [
    'Services that depend on a named one with restart: true, or share its namespaces, are restarted with it. The containers stay',
    'as they were created: flotilla up applies changes of the stack file.',
  ].join(' '),
  examples: [
    { command: 'flotilla restart', does: 'Restart the whole stack.' },
    { command: 'flotilla restart db', does: 'Restart one service, and its dependents with restart: true.' },
    { command: 'flotilla restart --no-deps -t 5 db', does: 'Restart one service alone, with five seconds to stop.' },
  ],
  flags: FLAGS,
  positionals: services('Services to restart'),
  run: (context, { flags: { noDeps, timeout }, args }) =>
    runVerb(context, { kind: 'restart', services: args, noDeps, ...(timeout !== undefined && { timeout }) }),
})
