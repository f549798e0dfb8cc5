import { defineCommand } from '../../cli/command.ts'
import type { Flags } from '../../cli/flag.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { orphanChoice } from '../../project/load/orphans.ts'
import { SIGNALS, signalHint, signalNumber } from '../../stack/signal.ts'
import { runVerb, services } from '../shared/verb.ts'

const FLAGS = {
  signal: {
    type: 'string',
    short: 's',
    value: 'SIGNAL',
    suggestions: SIGNALS,
    description: 'Signal to send instead of SIGKILL',
  },
  'remove-orphans': {
    type: 'boolean',
    negatable: true,
    description: 'Also kill containers of services that the stack no longer declares',
  },
} as const satisfies Flags

export const command = defineCommand({
  name: 'kill',
  summary: 'Send a signal to containers, by default SIGKILL',
  description:
    'Signals all containers at once, also those created by flotilla run, without pre_stop hooks. flotilla stop ends them gracefully.',
  examples: [
    { command: 'flotilla kill', does: 'Kill the whole stack.' },
    { command: 'flotilla kill -s HUP web', does: 'Make a service reload its configuration.' },
  ],
  flags: FLAGS,
  positionals: services('Services to send the signal to'),
  async run(context, { flags: { signal = 'SIGKILL', removeOrphans }, args }) {
    if (signalNumber(signal) === undefined) throw new StackError([unknownSignal(signal)])
    const orphans = await orphanChoice(context.project, removeOrphans)
    return runVerb(context, { kind: 'kill', services: args, signal, removeOrphans: orphans.removeOrphans })
  },
})

function unknownSignal(signal: string) {
  return error('usage', `unknown signal "${signal}"`, { hint: signalHint(signal) })
}
