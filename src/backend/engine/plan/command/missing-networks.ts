import { changedSince } from '../../../../plan/fingerprint.ts'
import type { StepId } from '../../../../plan/step.ts'
import { declaredFields } from '../../../docker/fields.ts'
import { OURS } from '../../../docker/labels.ts'
import type { Slot } from '../../observe/slots.ts'
import { serviceIn } from '../context.ts'
import { createNetwork } from '../resource/network-steps.ts'
import { missingNetwork } from '../resource/networks.ts'
import type { UpContext } from '../types.ts'

/**
 * Creates the networks that were removed although containers in these slots belong to them. A network that was declared
 * since is left to `up`.
 * @returns the steps
 */
export function createMissingNetworks(context: UpContext, slots: readonly Slot[]): StepId[] {
  for (const slot of slots)
    for (const key of networkKeys(context, slot.service)) if (isMissed(context, slot, key)) create(context, key)
  return [...context.networks.values()].flatMap((each) => each?.step ?? [])
}

export function networkKeys(context: UpContext, name: string): string[] {
  const service = serviceIn(context, name)
  return Object.keys(service.network_mode ? {} : (service.networks ?? {})).sort()
}

function isMissed(context: UpContext, { service, current }: Slot, key: string): boolean {
  const { declared, observed, networks } = context
  const name = declared.stack.networks[key]?.name
  const isThere = name === undefined || networks.has(key) || observed.networks.some((each) => each.name === name)
  if (isThere || !current) return false
  if (name in current.networks) return true
  const changed = changedSince(current.labels[OURS.fingerprint], declaredFields(declared.stack, service))
  return changed?.every((path) => !path.startsWith(`networks.${key}`)) ?? false
}

function create(context: UpContext, key: string): void {
  const network = context.declared.stack.networks[key]
  if (!network) return
  const created = network.external
    ? missingNetwork(context, key, network)
    : createNetwork(context, key, network, { cause: 'it was removed', after: [] })
  context.networks.set(key, created)
}
