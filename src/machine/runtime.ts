import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { pid } from 'node:process'
import type { Checked } from '../diagnostics/checked.ts'
import type { Endpoint } from '../docker/endpoint.ts'
import type { Engine } from '../docker/port.ts'
import type { Runtime } from '../project/runtime.ts'

/** The process, as the program that opens a project sees it. */
export interface Machine extends Pick<Runtime, 'env' | 'cwd' | 'readStdin'> {
  platform: NodeJS.Platform
  /** The user's; absolute. */
  home: string
}

/** This machine, with the engine that DOCKER_HOST or DOCKER_CONTEXT name. Costly modules are loaded on first use. */
export function localRuntime(machine: Machine): Runtime & { connect(): Promise<Engine> } {
  const { env, cwd, home, platform, readStdin } = machine
  const connect = async () => (await import('../docker/connect.ts')).connect(machine)
  const key = async () => engineKey(await (await import('../docker/connect.ts')).findEndpoint(machine))
  return {
    env,
    cwd,
    home,
    readStdin,
    connect,
    wallTime: () => Date.now(),
    async openBackend(options, backend) {
      const [{ openBackend }, { userPrograms }, engine] = await Promise.all([
        import('../backend/registry.ts'),
        import('../docker/programs.ts'),
        connect(),
      ])
      return openBackend({ backend, engine }, { programs: userPrograms(machine), ...options })
    },
    async openReader(backend) {
      const [{ openReader }, engine] = await Promise.all([import('../backend/registry.ts'), connect()])
      return openReader({ backend, engine })
    },
    async lock(name, command, options) {
      const [{ acquire }, engine] = await Promise.all([import('../project/lock/lock.ts'), key()])
      return acquire(`${engine}\0${name}`, { platform, holder: { pid, command }, ...options })
    },
    engineKey: key,
    stateFolder: stateFolder(machine),
  }
}

/** One engine has one key, also by a link to its socket: `/var/run` is one to `/run`. */
function engineKey(endpoint: Checked<Endpoint>): string {
  if (!endpoint.ok) return ''
  const { address } = endpoint.value
  return JSON.stringify(address.kind === 'socket' ? { ...address, path: realPath(address.path) } : address)
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    // Not there, or a named pipe: then it has no other names.
    return path
  }
}

/** The XDG base directory for state; on Windows, local application data. */
function stateFolder({ env, home, platform }: Machine): string {
  const own = platform === 'win32' ? env.LOCALAPPDATA : env.XDG_STATE_HOME
  return join(own || join(home, '.local', 'state'), 'flotilla')
}
