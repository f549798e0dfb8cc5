import type { CommandGroup } from '../cli/command.ts'

/** All commands. To add one, add a file and a row here. Each folder is a group; help lists both in this order. */
export const COMMANDS: readonly CommandGroup[] = [
  {
    title: 'Bring up and down',
    commands: {
      up: async () => (await import('./lifecycle/up.ts')).command,
      down: async () => (await import('./lifecycle/down.ts')).command,
      create: async () => (await import('./lifecycle/create.ts')).command,
      start: async () => (await import('./lifecycle/start.ts')).command,
      stop: async () => (await import('./lifecycle/stop.ts')).command,
      restart: async () => (await import('./lifecycle/restart.ts')).command,
      scale: async () => (await import('./lifecycle/scale.ts')).command,
      pause: async () => (await import('./lifecycle/pause.ts')).command,
      unpause: async () => (await import('./lifecycle/unpause.ts')).command,
      kill: async () => (await import('./lifecycle/kill.ts')).command,
      rm: async () => (await import('./lifecycle/rm.ts')).command,
      watch: async () => (await import('./lifecycle/watch.ts')).command,
      wait: async () => (await import('./lifecycle/wait.ts')).command,
    },
  },
  {
    title: 'Plan, and keep as declared',
    commands: {
      plan: async () => (await import('./keep/plan.ts')).command,
      apply: async () => (await import('./keep/apply.ts')).command,
      guard: async () => (await import('./keep/guard.ts')).command,
    },
  },
  {
    title: 'See what runs',
    commands: {
      ps: async () => (await import('./look/ps.ts')).command,
      logs: async () => (await import('./look/logs.ts')).command,
      events: async () => (await import('./look/events.ts')).command,
      stats: async () => (await import('./look/stats.ts')).command,
      top: async () => (await import('./look/top.ts')).command,
      port: async () => (await import('./look/port.ts')).command,
      ls: async () => (await import('./look/ls.ts')).command,
      images: async () => (await import('./look/images.ts')).command,
      volumes: async () => (await import('./look/volumes.ts')).command,
      endpoints: async () => (await import('./look/endpoints.ts')).command,
      open: async () => (await import('./look/open.ts')).command,
    },
  },
  {
    title: 'Work in containers',
    commands: {
      exec: async () => (await import('./inside/exec.ts')).command,
      run: async () => (await import('./inside/run.ts')).command,
      attach: async () => (await import('./inside/attach.ts')).command,
      cp: async () => (await import('./inside/cp.ts')).command,
      export: async () => (await import('./inside/export.ts')).command,
      commit: async () => (await import('./inside/commit.ts')).command,
    },
  },
  {
    title: 'Images',
    commands: {
      build: async () => (await import('./images/build.ts')).command,
      pull: async () => (await import('./images/pull.ts')).command,
      push: async () => (await import('./images/push.ts')).command,
      publish: async () => (await import('./images/publish.ts')).command,
    },
  },
  {
    title: 'Reproduce',
    commands: {
      lock: async () => (await import('./reproduce/lock.ts')).command,
      verify: async () => (await import('./reproduce/verify.ts')).command,
      pack: async () => (await import('./reproduce/pack.ts')).command,
      unpack: async () => (await import('./reproduce/unpack.ts')).command,
      snapshot: async () => (await import('./reproduce/snapshot.ts')).command,
    },
  },
  {
    title: 'The stack file',
    commands: {
      init: async () => (await import('./file/init.ts')).command,
      config: async () => (await import('./file/config.ts')).command,
    },
    aliases: { convert: 'config' },
  },
  {
    title: 'The program',
    commands: {
      completion: async () => (await import('./program/completion.ts')).command,
      __complete: async () => (await import('./program/complete.ts')).completer(() => COMMANDS, true),
      __completeNoDesc: async () => (await import('./program/complete.ts')).completer(() => COMMANDS, false),
      plugin: async () => (await import('./program/plugin.ts')).command,
      version: async () => (await import('./program/version.ts')).command,
    },
  },
]
