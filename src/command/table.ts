import type { CommandTable } from '../cli/command.ts'

/** Every command: a new one is a new file and a row in here. Help lists them in this order. */
export const COMMANDS: CommandTable = {
  up: async () => (await import('./up.ts')).command,
  down: async () => (await import('./down.ts')).command,
  plan: async () => (await import('./plan.ts')).command,
  apply: async () => (await import('./apply.ts')).command,
  ps: async () => (await import('./ps.ts')).command,
  logs: async () => (await import('./logs.ts')).command,
  endpoints: async () => (await import('./endpoints.ts')).command,
  config: async () => (await import('./config.ts')).command,
  version: async () => (await import('./version.ts')).command,
}
