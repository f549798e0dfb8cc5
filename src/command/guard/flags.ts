import type { Flags } from '../../cli/flag.ts'

export const GUARD_FLAGS = {
  detach: { type: 'boolean', short: 'd', description: 'Guard in the background; prints where its log is' },
  stop: { type: 'boolean', description: 'End the guard of the project' },
  status: { type: 'boolean', description: 'Tell who guards the project; exit code 1 if nobody does' },
  'print-unit': { type: 'boolean', description: 'Print a systemd unit that guards the project' },
} as const satisfies Flags
