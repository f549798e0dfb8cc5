import type { StepId } from '../../../plan/step.ts'
import { type Candidate, decide } from './decide.ts'
import { addressOf, type PlannedReplica, planResume, type ReplicaInput } from './replica.ts'
import { matches } from './slots.ts'
import { addRemove } from './stop.ts'

/**
 * Continues from wherever an interrupted replacement stopped. Old and NEXT are both there and NEXT is what is wanted: go on. NEXT is
 * of another revision: it goes, and what happens to the old container is decided as always. NEXT alone: it gets its name.
 * @returns the replica if nothing is left to decide about it
 */
export function recover(candidate: Candidate, input: () => ReplicaInput): PlannedReplica | undefined {
  const { context, slot } = candidate
  const { stack } = context.declared
  if (slot.next && slot.current && matches(stack, slot.next))
    return planResume(input(), 'an interrupted recreate goes on')
  if (slot.next) dropNext(candidate)
  else if (slot.current && slot.current.name !== slot.name && decide(candidate).kind !== 'replace')
    return renameAndGoOn(candidate, input)
  return undefined
}

/** The old container's restart policy was switched off for the replacement that is given up: it gets the declared one back. */
function dropNext({ context, slot, lowered }: Candidate): void {
  if (!slot.next) return
  const address = addressOf(slot)
  const policy = lowered.spec.HostConfig.RestartPolicy
  const restored: StepId[] = []
  if (slot.current && policy && policy.Name !== 'no') {
    const action = {
      kind: 'set-restart-policy',
      container: slot.current.id,
      policy: { name: policy.Name, maximumRetryCount: policy.MaximumRetryCount },
    } as const
    const cause = 'its replacement is given up'
    restored.push(
      context.builder.add({ id: `update:${address}:restore`, subject: address, verb: 'update', cause, action }),
    )
  }
  addRemove(context.builder, slot.next, {
    cause: 'an unfinished replacement of another revision',
    after: restored,
    volumes: false,
  })
}

/** The container stands alone under the temporary name of a replacement. */
function renameAndGoOn(candidate: Candidate, input: () => ReplicaInput): PlannedReplica {
  const { context, slot } = candidate
  const container = slot.current?.id ?? ''
  const address = addressOf(slot)
  const action = { kind: 'rename-container', container, name: slot.name } as const
  const renamed = context.builder.add({
    id: `rename:${address}`,
    subject: address,
    verb: 'rename',
    cause: 'takes its place',
    action,
  })
  if (slot.current?.state === 'running' || context.intent.noStart)
    return { slot, container, started: [], settled: [renamed] }
  const id = `start:${address}`
  const { waiting, ready } = input()
  const start = { kind: 'start-container', service: slot.service, container, waiting } as const
  const cause = 'its replacement was interrupted'
  const started = context.builder.add({
    id,
    subject: address,
    verb: 'start',
    cause,
    after: [renamed, ...ready],
    action: start,
  })
  return { slot, container, started: [started], settled: [started] }
}
