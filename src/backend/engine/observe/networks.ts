import type { ContainerSummary, NetworkDetail } from '../../../docker/port.ts'

/** Whether the network in a container's network mode is gone. Other tools, and earlier versions of flotilla, set the mode to an id. */
export function namesGone(container: ContainerSummary, networks: readonly NetworkDetail[]): boolean {
  const { networkMode = '' } = container
  return /^[0-9a-f]{64}$/.test(networkMode) && networks.every(({ id }) => id !== networkMode)
}

/** The engine allows two networks with the same name: our oldest one counts. */
export function oldest(networks: NetworkDetail[]): NetworkDetail | undefined {
  return [...networks].sort((a, b) =>
    a.created < b.created ? -1 : a.created > b.created ? 1 : a.id < b.id ? -1 : 1,
  )[0]
}

/** Matches by id, or by name for a container that never ran and has no network id yet. */
export function isIn(container: ContainerSummary, network: NetworkDetail): boolean {
  return Object.entries(container.networks).some(([name, { networkId }]) =>
    networkId === '' ? name === network.name : networkId === network.id,
  )
}
