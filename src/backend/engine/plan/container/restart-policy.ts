import type { After, StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { OURS } from '../../../docker/labels.ts'
import { hasExited, isAlive } from '../../../state.ts'
import { adder, addressOf } from '../steps.ts'
import type { Created, ReplicaInput } from '../types.ts'

/** The restart policy of the old container before the replacement: as recorded, as inspected, or else as declared. */
export function oldPolicy({
  context,
  slot,
  lowered,
}: Pick<ReplicaInput, 'context' | 'slot' | 'lowered'>): RestartPolicy {
  const recorded = slot.next?.labels[OURS.policy]
  if (recorded) return parsePolicy(recorded)
  const detail = context.observed.details[slot.current?.id ?? '']
  const found = detail && !slot.next ? detail.spec.HostConfig.RestartPolicy : lowered.spec.HostConfig.RestartPolicy
  return parsePolicy(`${found?.Name || 'no'}:${found?.MaximumRetryCount ?? 0}`)
}

export type RestartPolicy = { name: string; maximumRetryCount?: number }

/** The record that NEXT keeps of the old container: its restart policy, and whether it ran. */
export function recordPolicy(input: Pick<ReplicaInput, 'context' | 'slot' | 'lowered'>): string {
  const { name, maximumRetryCount = 0 } = oldPolicy(input)
  return `${name}:${maximumRetryCount}:${ranBefore(input) ? RAN : 'stopped'}`
}

const RAN = 'ran'

/** Whether the old container ran before the replacement; a killed command may have stopped it since. */
export function ranBefore({ slot }: Pick<ReplicaInput, 'slot'>): boolean {
  return isAlive(slot.current) || wasStopped({ slot })
}

/** Whether a killed command stopped the old container. */
export function wasStopped({ slot: { current, next } }: Pick<ReplicaInput, 'slot'>): boolean {
  return hasExited(current) && next?.labels[OURS.policy]?.split(':')[2] === RAN
}

function parsePolicy(text: string): RestartPolicy {
  const [name = 'no', tries] = text.split(':')
  return { name, ...(Number(tries) > 0 && { maximumRetryCount: Number(tries) }) }
}

/**
 * Switches off the old container's restart policy, so that a restart of the engine does not start it during the
 * replacement.
 */
export function disableRestart(input: ReplicaInput, next: Created, after: (After | StepId)[]): StepId[] {
  const { slot } = input
  if (oldPolicy(input).name === 'no') return []
  const cause = 'the engine must not restart it during the replacement'
  const action = { kind: 'set-restart-policy', container: slot.current?.id ?? '', policy: { name: 'no' } } as const
  return [adder(input, next.when)({ id: stepIds.updatePolicy(addressOf(slot)), verb: 'update', cause, after, action })]
}
