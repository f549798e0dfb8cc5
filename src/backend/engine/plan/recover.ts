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
 * Continues an interrupted replacement: old and NEXT are both there, and NEXT is what is wanted.
 * @returns the replica, or undefined if there is nothing to continue
 */
export function resume(candidate: Candidate, input: () => ReplicaInput): PlannedReplica | undefined {
  const { slot } = candidate
  return slot.current && isWanted(candidate) ? resumeReplica(input(), 'an interrupted recreate goes on') : undefined
}

/** Of the wanted revision, and with the service's names: one that was to start first may have been left without them. */
function isWanted({ context, slot, lowered, provided, networks }: Candidate): boolean {
  const { next } = slot
  // What NEXT was told may be outdated, which is only known once its providers have been asked again.
  if (provided || !next || !matches(context.declared.stack, next) || isStranded(context, next, networks)) return false
  const joined = context.observed.details[next.id]?.networks ?? {}
  return lowered.endpoints.every(([key, endpoint]) => {
    const found = joined[context.declared.stack.networks[key]?.name ?? '']
    return !found || (endpoint.Aliases ?? []).every((alias) => found.aliases.includes(alias))
  })
}

/**
 * The steps that clear away what else an interrupted replacement can leave, so that the container of the slot can be decided about
 * as always: a NEXT of another revision goes, a NEXT left alone gets its name.
 */
export function clearLeftovers(candidate: Candidate, before: StepId[]): StepId[] {
  return [...dropNext(candidate), ...nameFirst(candidate, before)]
}

/** The old container's restart policy was switched off for the replacement that is given up: it gets it back. */
function dropNext(candidate: Candidate): StepId[] {
  const { context, slot } = candidate
  if (!slot.next) return []
  const address = addressOf(slot)
  const policy = oldPolicy(candidate)
  const restored: StepId[] = []
  if (slot.current && policy.name !== 'no') {
    const action = { kind: 'set-restart-policy', container: slot.current.id, policy } as const
    const cause = 'its replacement is given up'
    const id = stepIds.restorePolicy(address)
    restored.push(context.builder.add({ id, subject: address, verb: 'update', cause, action }))
  }
  noteData(candidate, slot.next)
  const cause = 'an unfinished replacement of another revision'
  return [addRemove(context.builder, slot.next, { cause, after: restored, volumes: false })]
}

/** It may have run before the command that made it ended, with another image on what its predecessor goes on with. */
function noteData({ context, slot }: Candidate, next: ContainerSummary): void {
  const { current, service } = slot
  if (!current || isUnstarted(next) || next.imageId === current.imageId) return
  const places = sharedPlaces(current, next)
  if (places.length > 0) context.builder.note(toldOfData(service, places))
}

/** A container that stands under another name than its own, a replacement's temporary one for instance, is renamed before anything else. */
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
      cause: 'takes its place',
      after: before,
      action,
    }),
  ]
}
