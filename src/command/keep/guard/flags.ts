import type { Flags } from '../../../cli/flag.ts'

export const GUARD_FLAGS = {
  detach: { type: 'boolean', short: 'd', description: 'Guard in the background, and print the path of its log' },
  stop: { type: 'boolean', description: 'Stop the guard of the project' },
  status: { type: 'boolean', description: 'Show which process guards the project; exit code 1 if none does' },
  'print-unit': { type: 'boolean', description: 'Print a systemd unit that guards the project' },
} as const satisfies Flags
