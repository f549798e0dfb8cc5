import type { ContainerSummary, NetworkDetail } from '../../../docker/port.ts'

/** Whether the network that a container was created in is gone. Other tools, and earlier versions of this one, give it as an id. */
export function namesGone(container: ContainerSummary, networks: readonly NetworkDetail[]): boolean {
  const { networkMode = '' } = container
  return /^[0-9a-f]{64}$/.test(networkMode) && networks.every(({ id }) => id !== networkMode)
}
