import { warning } from '../../../../diagnostics/diagnostic.ts'
import type { ContainerSummary } from '../../../../docker/port.ts'
import type { StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { isAlive } from '../../../state.ts'
import { adder, addressOf } from '../steps.ts'
import type { PlannedNetwork, ReplicaInput } from '../types.ts'
import { isStranded } from './bound-network.ts'

/** Connects the container to declared networks that it is not in. */
export function planConnects(input: ReplicaInput, container = input.slot.current?.id ?? ''): StepId[] {
  const { context, slot, lowered, networks } = input
  const add = adder(input)
  const found = context.lookup.container(container)
  if (isStranded(context, found, networks)) return noteStranded(input)
  return lowered.endpoints.flatMap(([key, endpoint]) => {
    const planned = networks.find((each) => each.key === key)?.planned
    const name = context.declared.stack.networks[key]?.name ?? ''
    const present = found?.networks ?? {}
    const stale = planned !== undefined && isStale(found, name, planned)
    const there = (name in present && !stale) || Object.values(present).some((each) => each.networkId === planned?.id)
    if (!planned || there) return []
    const left = stale ? [add(leaveGone(input, { key, name, container }))] : []
    const action = { kind: 'connect-network', network: planned.id, container, endpoint } as const
    const id = stepIds.connect(addressOf(slot), key)
    const after = [planned.step, ...input.before, ...left]
    return [add({ id, verb: 'connect', cause: `not connected to network "${key}"`, after, action })]
  })
}

/** A stopped container keeps the id of a network that was removed, and cannot start as long as it does. */
function isStale(container: ContainerSummary | undefined, name: string, { id, replaces }: PlannedNetwork): boolean {
  const joined = container?.networks[name]?.networkId ?? ''
  return container !== undefined && !isAlive(container) && joined !== '' && joined !== id && !replaces
}

/** By its name, which the engine accepts although the network is gone. */
function leaveGone(
  { slot, before }: ReplicaInput,
  { key, name, container }: { key: string; name: string; container: string },
) {
  return {
    id: stepIds.disconnect(addressOf(slot), key, container),
    verb: 'disconnect' as const,
    cause: `network "${key}" was removed`,
    after: before,
    action: { kind: 'disconnect-network', network: name, container } as const,
  }
}

/** Such a container is only kept with `--no-recreate`. */
function noteStranded({ context, slot }: ReplicaInput): [] {
  const text = `${slot.name} cannot be connected to networks: the network that it was created in no longer exists`
  context.builder.note(warning('foreign-resource', text, { hint: 'run without --no-recreate to recreate it' }))
  return []
}
