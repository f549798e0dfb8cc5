import { join } from 'node:path'
import { pid } from 'node:process'
import type { BackendVersion } from '../backend/read/version.ts'
import type { Runtime } from '../project/runtime.ts'
import type { Machine } from './machine.ts'
import { accessesOf } from './targets.ts'

/** A runtime on this machine, with the engine that DOCKER_HOST or DOCKER_CONTEXT selects. Imports costly modules on first use. */
export function localRuntime(machine: Machine): Runtime & { version(signal: AbortSignal): Promise<BackendVersion> } {
  const { env, cwd, home, platform, readStdin } = machine
  const accesses = accessesOf(machine)
  let fetcher: Promise<NonNullable<Runtime['fetchStack']>> | undefined
  const openReader: Runtime['openReader'] = async (backend) => {
    const [{ openReader }, target] = await Promise.all([import('../backend/registry.ts'), accesses[backend].target()])
    return openReader(target)
  }
  return {
    env,
    cwd,
    home,
    readStdin,
    wallTime: () => Date.now(),
    async openBackend(options, backend) {
      const [{ openBackend }, { userPrograms }, target] = await Promise.all([
        import('../backend/registry.ts'),
        import('../docker/programs.ts'),
        accesses[backend].target(),
      ])
      return openBackend(target, { programs: userPrograms(machine), ...options })
    },
    openReader,
    async lock(name, command, { backend, ...wait }) {
      const [{ acquire }, target] = await Promise.all([import('../project/lock/lock.ts'), accesses[backend].key()])
      return acquire(`${target}\0${name}`, { platform, holder: { pid, command }, ...wait })
    },
    targetKey: (backend) => accesses[backend].key(),
    async version(signal) {
      const { DEFAULT_BACKEND } = await import('../backend/target.ts')
      return (await openReader(DEFAULT_BACKEND)).version(signal)
    },
    dockerSetting: async (setting) => (await import('../docker/settings.ts')).dockerSetting({ env, home }, setting),
    async fetchStack(reference, options) {
      fetcher ??= import('./remote.ts').then(({ fetcherFor }) => fetcherFor(machine))
      return (await fetcher)(reference, options)
    },
    publishStack: async (publication, options) =>
      (await import('./remote.ts')).publishFrom(machine, publication, options),
    async dataLock(command, wait) {
      const { acquire } = await import('../project/lock/lock.ts')
      return acquire(`data\0${dataFolder(machine)}`, { platform, holder: { pid, command }, ...wait })
    },
    dataFolder: dataFolder(machine),
    stateFolder: stateFolder(machine),
  }
}

/** The XDG base directory for state; on Windows, local application data. */
function stateFolder({ env, home, platform }: Machine): string {
  const own = platform === 'win32' ? env.LOCALAPPDATA : env.XDG_STATE_HOME
  return join(own || join(home, '.local', 'state'), 'flotilla')
}

/** The XDG base directory for data; on Windows, local application data. */
function dataFolder({ env, home, platform }: Machine): string {
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'flotilla', 'data')
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'flotilla')
}
