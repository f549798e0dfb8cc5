import { warning } from '../../../../diagnostics/diagnostic.ts'
import type { ContainerSummary, NetworkDetail } from '../../../../docker/port.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { namesGone } from '../../observe/networks.ts'
import { type ChangedNetwork, keepNetwork } from '../resource/network-steps.ts'
import type { PlannedNetwork, UpContext } from '../types.ts'
import { addressOfContainer } from './stop.ts'

/**
 * A container keeps the network mode that it was created with. Engines from this API version on look it up at every connection and refuse
 * all of them once it names a network that is gone. Other tools, and earlier versions of this one, give it as an id.
 */
const LOOKED_UP = 144

/** Whether nothing but being recreated helps the container: it can never be connected to a network again. */
export function isStranded(
  { observed, api }: Pick<UpContext, 'observed' | 'api'>,
  container: ContainerSummary | undefined,
  networks: readonly { planned: PlannedNetwork }[] = [],
): boolean {
  if (!container || api < LOOKED_UP) return false
  const isReplaced = networks.some(({ planned: { replaces } }) => replaces && replaces === container.networkMode)
  return isReplaced || namesGone(container, observed.networks)
}

/** Whether a container of a network could not join another one in its place. */
export function isBound({ api }: UpContext, container: ContainerSummary, network: NetworkDetail): boolean {
  return api >= LOOKED_UP && container.networkMode === network.id
}

/** Whether this plan puts another container in its place, or removes it. */
export function isReplaced({ slots, intent, builder }: UpContext, { id, ...container }: ContainerSummary): boolean {
  const own = [...slots.values()].flat().some(({ current, next }) => current?.id === id || next?.id === id)
  return (own && !intent.noRecreate) || builder.has(stepIds.remove(addressOfContainer({ id, ...container }), id))
}

export function keepForBound(
  context: UpContext,
  { key, found, cause }: ChangedNetwork,
  stuck: ContainerSummary[],
): PlannedNetwork {
  const names = stuck.map(({ name }) => name).sort()
  const text = `network "${found.name}" is left as it is though ${cause}: ${names.join(', ')} must be recreated with it`
  const hint =
    'run `up` for the whole stack and without --no-recreate, and remove containers that are no longer declared'
  context.builder.note(warning('foreign-resource', text, { at: context.declared.spanOf(`networks.${key}`), hint }))
  return keepNetwork(context, key, found)
}
