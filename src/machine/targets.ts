import { realpathSync } from 'node:fs'
import type { BackendKind, Target } from '../backend/target.ts'
import type { Checked } from '../diagnostics/checked.ts'
import type { Endpoint, Environment } from '../docker/endpoint.ts'

/** How this machine reaches a backend. */
interface Access<T extends Target> {
  target(): Promise<T>
  /** Identifies the target among all that this machine can reach, without connecting. */
  key(): Promise<string>
}

type Accesses = { [K in BackendKind]: Access<Extract<Target, { backend: K }>> }

/** Imports an engine's client on first use. */
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

/** An engine has the same key through a link to its socket, e.g. in `/var/run`, a link to `/run`. */
function engineKey(endpoint: Checked<Endpoint>): string {
  if (!endpoint.ok) return ''
  const { address } = endpoint.value
  return JSON.stringify(address.kind === 'socket' ? { ...address, path: realPath(address.path) } : address)
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    // The path does not exist or is a named pipe: it has no other names.
    return path
  }
}
