import { warning } from '../../../../diagnostics/diagnostic.ts'
import type { StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { adder, addressOf } from '../steps.ts'
import type { ReplicaInput } from '../types.ts'
import { isStranded } from './bound-network.ts'

/** Connects the container to declared networks that it is not in. */
export function planConnects(input: ReplicaInput, container = input.slot.current?.id ?? ''): StepId[] {
  const { context, slot, lowered, networks } = input
  const add = adder(input)
  const found = context.observed.containers.find((each) => each.id === container)
  if (isStranded(context, found, networks)) return noteStranded(input)
  return lowered.endpoints.flatMap(([key, endpoint]) => {
    const planned = networks.find((each) => each.key === key)?.planned
    const name = context.declared.stack.networks[key]?.name ?? ''
    const present = found?.networks ?? {}
    const there = name in present || Object.values(present).some((each) => each.networkId === planned?.id)
    if (!planned || there) return []
    const action = { kind: 'connect-network', network: planned.id, container, endpoint } as const
    const id = stepIds.connect(addressOf(slot), key)
    return [add({ id, verb: 'connect', cause: `not connected to network "${key}"`, after: [planned.step], action })]
  })
}

/** Such a container is only kept with `--no-recreate`. */
function noteStranded({ context, slot }: ReplicaInput): [] {
  const text = `${slot.name} cannot be connected to networks: the network that it was created in no longer exists`
  context.builder.note(warning('foreign-resource', text, { hint: 'run without --no-recreate to recreate it' }))
  return []
}
