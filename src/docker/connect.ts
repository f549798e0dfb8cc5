import { type Checked, unwrap } from '../diagnostics/checked.ts'
import { configFolder } from '../util/docker-configuration.ts'
import { dockerodeEngine } from './adapter.ts'
import { keyring } from './auth.ts'
import { helperProcess } from './credential-helper.ts'
import { type Endpoint, type Environment, type Find, isRemote } from './endpoint.ts'
import { findByContext } from './find/context.ts'
import { findByDockerHost } from './find/docker-host.ts'
import { findByPipe } from './find/pipe.ts'
import { findBySocket } from './find/socket.ts'
import { patienceOf } from './patience.ts'
import type { Engine, EngineLocation } from './port.ts'
import { proxyVariables } from './proxies.ts'
import { explainUnreachable } from './unreachable.ts'

/** Tried in this order; the last two always give an answer. */
const WAYS: Find[] = [findByDockerHost, findByContext, findByPipe, findBySocket]

/**
 * The engine that the user selected. Makes no call yet: if the engine does not answer, the first call throws a StackError with the
 * code `engine-unreachable`. This function throws the same if the user's setting is invalid.
 */
export async function connect(environment: Environment): Promise<Engine> {
  return connectTo(unwrap(await findEndpoint(environment)), environment)
}

/** Finds the address of the engine that the user selected. */
export async function findEndpoint(environment: Environment): Promise<Checked<Endpoint>> {
  for (const find of WAYS) {
    const found = await find(environment)
    if (found) return found
  }
  throw new Error('no engine was found in any of the usual ways')
}

/** Imports the client only when an engine is needed. */
export async function connectTo(endpoint: Endpoint, environment: Environment): Promise<Engine> {
  const [{ default: Dockerode }, { clientOptions }] = await Promise.all([import('dockerode'), import('./transport.ts')])
  const { env, home } = environment
  const patience = unwrap(patienceOf(env))
  return dockerodeEngine(new Dockerode(await clientOptions(endpoint.address, environment)), {
    keyring: keyring(configFolder(env, home), helperProcess(env)),
    proxies: proxiesOf(configFolder(env, home), endpoint.host),
    location: locationOf(endpoint, env),
    env,
    host: endpoint.host,
    patience,
    explain: (cause) => explainUnreachable(endpoint, environment, cause),
  })
}

/** Read once, when the first container is created. */
function proxiesOf(folder: string, host: string): () => Record<string, string> {
  let known: Record<string, string> | undefined
  return () => {
    known ??= proxyVariables(folder, host)
    return known
  }
}

/**
 * FLOTILLA_SHARED_PATHS lists directories, separated by colons, that a remote engine has too, e.g. on a network file system or in a
 * volume that a CI job shares with its engine.
 */
function locationOf(endpoint: Endpoint, env: Environment['env']): EngineLocation {
  const shared = (env.FLOTILLA_SHARED_PATHS ?? '').split(':').filter((path) => path.startsWith('/'))
  const { address } = endpoint
  const socket = address.kind === 'tcp' ? undefined : address.kind === 'ssh' ? address.socket : address.path
  return { remote: isRemote(endpoint), shared, ...(socket?.startsWith('/') && { socket }) }
}
