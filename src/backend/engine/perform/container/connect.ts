import { type Engine, EngineError } from '../../../../docker/port.ts'
import type { EndpointSpec } from '../../../../docker/spec.ts'

/**
 * A call of a killed command may have succeeded meanwhile: a container that is already in the network, under the names that it
 * needs there, stays. Under other names it leaves and joins again, because names are set when it joins.
 */
export async function connectNetwork(
  engine: Engine,
  network: string,
  container: string,
  endpoint: EndpointSpec,
): Promise<void> {
  try {
    await engine.connectNetwork(network, container, endpoint)
  } catch (thrown) {
    const joined = isRefused(thrown, /already exists in network/i)
      ? await joinedAs(engine, network, container)
      : undefined
    if (!joined) throw thrown
    if ((endpoint.Aliases ?? []).every((alias) => joined.aliases.includes(alias))) return
    await engine.disconnectNetwork(network, container, { force: true })
    await engine.connectNetwork(network, container, endpoint)
  }
}

/** One that has left the network meanwhile is as it should be. */
export async function disconnectNetwork(engine: Engine, network: string, container: string): Promise<void> {
  try {
    await engine.disconnectNetwork(network, container, { force: true })
  } catch (thrown) {
    const left = isRefused(thrown, /is not connected to/i) && !(await joinedAs(engine, network, container))
    if (!left) throw thrown
  }
}

function isRefused(thrown: unknown, why: RegExp): boolean {
  return thrown instanceof EngineError && thrown.status !== undefined && why.test(thrown.message)
}

/** The container's endpoint in the network that has this name or id. */
async function joinedAs(engine: Engine, network: string, container: string) {
  const detail = await engine.inspectContainer(container)
  const found = Object.entries(detail?.networks ?? {}).find(
    ([name, { networkId }]) => name === network || networkId === network,
  )
  return found?.[1]
}
