import type { After, StepId } from '../../../plan/step.ts'
import { OURS } from '../../../stack/labels.ts'
import { adder, addressOf, type Created, type ReplicaInput } from './steps.ts'

/** The restart policy that the old container had before: as recorded, as inspected, else, being as declared, the declared one. */
export function oldPolicy({ context, slot, lowered }: Pick<ReplicaInput, 'context' | 'slot' | 'lowered'>): Policy {
  const recorded = slot.next?.labels[OURS.policy]
  if (recorded) return parsePolicy(recorded)
  const detail = context.observed.details[slot.current?.id ?? '']
  const found = detail && !slot.next ? detail.spec.HostConfig.RestartPolicy : lowered.spec.HostConfig.RestartPolicy
  return parsePolicy(`${found?.Name || 'no'}:${found?.MaximumRetryCount ?? 0}`)
}

export type Policy = { name: string; maximumRetryCount?: number }

function parsePolicy(text: string): Policy {
  const [name = 'no', tries] = text.split(':')
  return { name, ...(Number(tries) > 0 && { maximumRetryCount: Number(tries) }) }
}

/** A stopped container with a restart policy comes back with the engine: while it is being replaced it must not. */
export function calmDown(input: ReplicaInput, next: Created, after: (After | StepId)[]): StepId[] {
  const { slot } = input
  if (oldPolicy(input).name === 'no') return []
  const cause = 'it must not come back by itself while it is replaced'
  const action = { kind: 'set-restart-policy', container: slot.current?.id ?? '', policy: { name: 'no' } } as const
  return [adder(input, next.when)({ id: `update:${addressOf(slot)}`, verb: 'update', cause, after, action })]
}
