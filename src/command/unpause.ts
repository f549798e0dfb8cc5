import { defineCommand } from '../cli/command.ts'
import { runVerb, services } from './shared/verb.ts'

export const command = defineCommand({
  name: 'unpause',
  summary: 'Let paused containers go on, what they depend on first',
  description: 'What is not paused is left alone.',
  examples: [
    { command: 'flotilla unpause', does: 'Let the whole stack go on.' },
    { command: 'flotilla unpause web', does: 'Let one service go on.' },
  ],
  flags: {},
  positionals: services('Services to unpause'),
  run: (context, { args }) => runVerb(context, { kind: 'unpause', services: args }),
})
