import type { Input } from '../../../cli/command.ts'
import type { Flags } from '../../../cli/flag.ts'

export const FLAGS = {
  note: { type: 'string', value: 'TEXT', description: 'With create: a name for the snapshot' },
  all: { type: 'boolean', short: 'a', description: 'With ls and prune: the snapshots of all projects' },
  format: {
    type: 'string',
    value: 'FORMAT',
    choices: ['table', 'json'],
    description: 'With ls and show: how to print',
  },
  'no-snapshot': { type: 'boolean', description: 'With restore: do not keep the present content' },
  keep: { type: 'number', value: 'NUMBER', description: 'With prune: keep the newest ones of each project' },
  'older-than': { type: 'duration', value: 'TIME', description: 'With prune: remove older ones (720h)' },
  automatic: { type: 'boolean', description: 'With prune: remove those that commands made on their own' },
} as const satisfies Flags

export type SnapshotInput = Input<typeof FLAGS>
