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

/** In the order in which they are asked; the last two always have an answer. */
const WAYS: Find[] = [findByDockerHost, findByContext, findByPipe, findBySocket]

/**
 * The engine that the user means. Nothing is called yet; when it turns out not to answer, the first call throws a StackError with the
 * code `engine-unreachable`, and so does this function when the user's choice cannot be understood.
 */
export async function connect(environment: Environment): Promise<Engine> {
  return connectTo(unwrap(await findEndpoint(environment)), environment)
}

/** Where the engine listens that the user means. */
export async function findEndpoint(environment: Environment): Promise<Checked<Endpoint>> {
  for (const find of WAYS) {
    const found = await find(environment)
    if (found) return found
  }
  throw new Error('no engine was found in any of the usual ways')
}

/** The client is loaded when an engine is needed, not before. */
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
 * FLOTILLA_SHARED_PATHS names directories that an engine elsewhere has too, separated by colons, e.g. on a network file system or in the
 * volume that a continuous integration shares with its engine.
 */
function locationOf(endpoint: Endpoint, env: Environment['env']): EngineLocation {
  const shared = (env.FLOTILLA_SHARED_PATHS ?? '').split(':').filter((path) => path.startsWith('/'))
  const { address } = endpoint
  const socket = address.kind === 'tcp' ? undefined : address.kind === 'ssh' ? address.socket : address.path
  return { remote: isRemote(endpoint), shared, ...(socket?.startsWith('/') && { socket }) }
}
