import type { CommandTable } from '../cli/command.ts'

/** Every command: a new one is a new file and a row in here. Help lists them in this order. */
export const COMMANDS: CommandTable = {
  up: async () => (await import('./up.ts')).command,
  down: async () => (await import('./down.ts')).command,
  create: async () => (await import('./create.ts')).command,
  start: async () => (await import('./start.ts')).command,
  stop: async () => (await import('./stop.ts')).command,
  restart: async () => (await import('./restart.ts')).command,
  scale: async () => (await import('./scale.ts')).command,
  pause: async () => (await import('./pause.ts')).command,
  unpause: async () => (await import('./unpause.ts')).command,
  kill: async () => (await import('./kill.ts')).command,
  rm: async () => (await import('./rm.ts')).command,
  wait: async () => (await import('./wait.ts')).command,
  guard: async () => (await import('./guard.ts')).command,
  plan: async () => (await import('./plan.ts')).command,
  apply: async () => (await import('./apply.ts')).command,
  ps: async () => (await import('./ps.ts')).command,
  logs: async () => (await import('./logs.ts')).command,
  exec: async () => (await import('./exec.ts')).command,
  run: async () => (await import('./run.ts')).command,
  endpoints: async () => (await import('./endpoints.ts')).command,
  config: async () => (await import('./config.ts')).command,
  version: async () => (await import('./version.ts')).command,
}
