import type { ContainerSummary } from '../../../docker/port.ts'
import type { StepId } from '../../../plan/step.ts'
import { stepIds } from '../../../plan/step-id.ts'
import { isUnstarted } from '../../state.ts'
import { sharedPlaces, toldOfData } from '../observe/data-risk.ts'
import { matches, nextName } from '../observe/slots.ts'
import { isStranded } from './container/bound-network.ts'
import { decide } from './container/decide.ts'
import { oldPolicy } from './container/restart-policy.ts'
import { addRemove } from './container/stop.ts'
import { addressOf } from './steps.ts'
import type { Candidate, PlannedReplica, ReplicaInput } from './types.ts'
import { resumeReplica } from './update/replace.ts'

/**
 * Continues an interrupted replacement if both containers exist and NEXT is up to date.
 * @returns the replica, or undefined if there is nothing to continue
 */
export function resume(candidate: Candidate, input: () => ReplicaInput): PlannedReplica | undefined {
  const { slot } = candidate
  return slot.current && isWanted(candidate) ? resumeReplica(input(), 'continues an interrupted recreate') : undefined
}

/**
 * Whether NEXT has the wanted revision and the service's names: after an interrupted start-first update it may lack
 * them.
 */
function isWanted({ context, slot, lowered, provided, networks }: Candidate): boolean {
  const { next } = slot
  // The environment of NEXT may be outdated; only its providers know.
  if (provided || !next || !matches(context.declared.stack, next) || isStranded(context, next, networks)) return false
  const joined = context.observed.details[next.id]?.networks ?? {}
  return lowered.endpoints.every(([key, endpoint]) => {
    const found = joined[context.declared.stack.networks[key]?.name ?? '']
    return !found || (endpoint.Aliases ?? []).every((alias) => found.aliases.includes(alias))
  })
}

/**
 * Removes the leftovers of an interrupted replacement, so that `decide` sees an ordinary slot: a NEXT of another
 * revision is removed, a NEXT without an old container is renamed.
 */
export function clearLeftovers(candidate: Candidate, before: StepId[]): StepId[] {
  return [...dropNext(candidate), ...nameFirst(candidate, before)]
}

/** Removes NEXT. The old container gets back the restart policy that was switched off for the replacement. */
function dropNext(candidate: Candidate): StepId[] {
  const { context, slot } = candidate
  if (!slot.next) return []
  const address = addressOf(slot)
  const policy = oldPolicy(candidate)
  const restored: StepId[] = []
  if (slot.current && policy.name !== 'no') {
    const action = { kind: 'set-restart-policy', container: slot.current.id, policy } as const
    const cause = 'its replacement is abandoned'
    const id = stepIds.restorePolicy(address)
    restored.push(context.builder.add({ id, subject: address, verb: 'update', cause, action }))
  }
  noteData(candidate, slot.next)
  const cause = 'unfinished replacement of another revision'
  return [addRemove(context.builder, slot.next, { cause, after: restored, volumes: false })]
}

/** NEXT may have run with another image on data that the old container keeps using. */
function noteData({ context, slot }: Candidate, next: ContainerSummary): void {
  const { current, service } = slot
  if (!current || isUnstarted(next) || next.imageId === current.imageId) return
  const places = sharedPlaces(current, next)
  if (places.length > 0) context.builder.note(toldOfData(service, places))
}

/** Renames a container that has a wrong name, such as the temporary one of a replacement, before all other steps. */
function nameFirst(candidate: Candidate, before: StepId[]): StepId[] {
  const { context, slot } = candidate
  const { current } = slot
  if (!current || current.name === slot.name) return []
  if (current.name !== nextName(slot.name) && decide(candidate).kind === 'replace') return []
  const address = addressOf(slot)
  const action = { kind: 'rename-container', container: current.id, name: slot.name } as const
  return [
    context.builder.add({
      id: stepIds.renameFirst(address),
      subject: address,
      verb: 'rename',
      cause: 'gets its final name',
      after: before,
      action,
    }),
  ]
}
