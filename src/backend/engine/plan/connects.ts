import type { StepId } from '../../../plan/step.ts'
import { adder, addressOf, type ReplicaInput } from './steps.ts'

/** Networks that the engine does not list for the container, though it was created to be in them. */
export function planConnects(input: ReplicaInput, container = input.slot.current?.id ?? ''): StepId[] {
  const { context, slot, lowered, networks } = input
  const present = context.observed.containers.find((each) => each.id === container)?.networks ?? {}
  const add = adder(input)
  return lowered.endpoints.flatMap(([key, endpoint]) => {
    const planned = networks.find((each) => each.key === key)?.planned
    const name = context.declared.stack.networks[key]?.name ?? ''
    const there = name in present || Object.values(present).some((each) => each.networkId === planned?.id)
    if (!planned || there) return []
    const action = { kind: 'connect-network', network: planned.id, container, endpoint } as const
    const id = `connect:${addressOf(slot)}:${key}`
    return [add({ id, verb: 'connect', cause: `it is not in network "${key}"`, after: [planned.step], action })]
  })
}
