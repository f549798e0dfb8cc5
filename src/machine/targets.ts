import { realpathSync } from 'node:fs'
import type { BackendKind, Target } from '../backend/target.ts'
import type { Checked } from '../diagnostics/checked.ts'
import type { Endpoint, Environment } from '../docker/endpoint.ts'

/** How this machine reaches a backend. */
export interface Access<T extends Target> {
  target(): Promise<T>
  /** Identifies the target among all that this machine reaches, without a connection. */
  key(): Promise<string>
}

type Accesses = { [K in BackendKind]: Access<Extract<Target, { backend: K }>> }

/** The client of an engine is loaded when it is needed. */
export function accessesOf(environment: Environment): Accesses {
  return {
    engine: {
      async target() {
        const { connect } = await import('../docker/connect.ts')
        return { backend: 'engine', engine: await connect(environment) }
      },
      async key() {
        const { findEndpoint } = await import('../docker/connect.ts')
        return engineKey(await findEndpoint(environment))
      },
    },
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
