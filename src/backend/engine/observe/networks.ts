import type { ContainerSummary, NetworkDetail } from '../../../docker/port.ts'

/** Whether the network that a container was created in is gone. Other tools, and earlier versions of this one, give it as an id. */
export function namesGone(container: ContainerSummary, networks: readonly NetworkDetail[]): boolean {
  const { networkMode = '' } = container
  return /^[0-9a-f]{64}$/.test(networkMode) && networks.every(({ id }) => id !== networkMode)
}

/** The engine gives one name to two networks without complaint: the first of ours is the one that counts. */
export function oldest(networks: NetworkDetail[]): NetworkDetail | undefined {
  return [...networks].sort((a, b) =>
    a.created < b.created ? -1 : a.created > b.created ? 1 : a.id < b.id ? -1 : 1,
  )[0]
}

/** By id, or by name where a container that never ran knows no id yet. */
export function isIn(container: ContainerSummary, network: NetworkDetail): boolean {
  return Object.entries(container.networks).some(([name, { networkId }]) =>
    networkId === '' ? name === network.name : networkId === network.id,
  )
}
