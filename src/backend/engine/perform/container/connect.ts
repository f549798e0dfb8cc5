import { type Engine, EngineError } from '../../../../docker/port.ts'
import type { EndpointSpec } from '../../../../docker/spec.ts'

/**
 * A killed command's call may have succeeded. A container that is already in the network under the right names stays. With other
 * names it leaves and rejoins, because names can only be set on joining.
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

/** A container that has already left the network counts as disconnected. */
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

/** The container's endpoint in the network with this name or id. */
async function joinedAs(engine: Engine, network: string, container: string) {
  const detail = await engine.inspectContainer(container)
  const found = Object.entries(detail?.networks ?? {}).find(
    ([name, { networkId }]) => name === network || networkId === network,
  )
  return found?.[1]
}
