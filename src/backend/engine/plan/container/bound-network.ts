import { warning } from '../../../../diagnostics/diagnostic.ts'
import type { ContainerSummary, NetworkDetail } from '../../../../docker/port.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { namesGone } from '../../observe/networks.ts'
import { type ChangedNetwork, keepNetwork } from '../resource/network-steps.ts'
import type { PlannedNetwork, UpContext } from '../types.ts'
import { addressOfContainer } from './stop.ts'

/**
 * A container keeps the network mode of its creation. Engines from this API version on look it up at every connection,
 * and refuse all connections if it names a network that no longer exists. Other tools, and earlier versions of
 * flotilla, set it to an id.
 */
const LOOKED_UP = 144

/** Whether the container must be recreated, because it can never be connected to a network again. */
export function isStranded(
  { observed, api }: Pick<UpContext, 'observed' | 'api'>,
  container: ContainerSummary | undefined,
  networks: readonly { planned: PlannedNetwork }[] = [],
): boolean {
  if (!container || api < LOOKED_UP) return false
  const isReplaced = networks.some(({ planned: { replaces } }) => replaces && replaces === container.networkMode)
  return isReplaced || namesGone(container, observed.networks)
}

/** Whether a container of a network cannot join its replacement. */
export function isBound({ api }: UpContext, container: ContainerSummary, network: NetworkDetail): boolean {
  return api >= LOOKED_UP && container.networkMode === network.id
}

/** Whether this plan replaces or removes the container. */
export function isReplaced({ inSlots, intent, builder }: UpContext, container: ContainerSummary): boolean {
  const { id } = container
  const isOwn = inSlots.has(id) && !intent.noRecreate
  return isOwn || builder.has(stepIds.remove(addressOfContainer(container), id))
}

export function keepForBound(
  context: UpContext,
  { key, found, cause }: ChangedNetwork,
  stuck: ContainerSummary[],
): PlannedNetwork {
  const names = stuck.map(({ name }) => name).sort()
  const text = `network "${found.name}" is kept although ${cause}: ${names.join(', ')} must be recreated with it`
  const hint = 'run `up` for the whole stack without --no-recreate, and remove containers that are no longer declared'
  context.builder.note(warning('foreign-resource', text, { at: context.declared.spanOf(`networks.${key}`), hint }))
  return keepNetwork(context, key, found)
}
