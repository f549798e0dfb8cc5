import type { After, Phase, StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import type { EngineAction, Id } from '../../action.ts'
import { writablePlaces } from '../../observe/data-risk.ts'
import { oldPolicy, ranBefore, wasStopped } from '../container/restart-policy.ts'
import { adder, addressOf } from '../steps.ts'
import type { Created, ReplicaInput } from '../types.ts'

/**
 * If NEXT does not start or become ready: starts the old container again and removes NEXT. Data that NEXT may have
 * changed are reported.
 * @returns edges for steps that follow the restart of the old container; none if it did not run
 */
export function addUndo(input: ReplicaInput, next: Created, risky: StepId[]): After[] {
  const failed = risky.map((step) => ({ step, on: 'failure' }) as const)
  undoRefused(input, next)
  const cause = 'the new container failed: the old one is restored'
  const undo = undoer(input, next, { phase: 'undo', cause, failed: [...failed, ...(next.checked ?? [])] })
  const container = withoutFallback(next)
  const stopped = undo('stop', 'stop', next.created ? [next.created] : [], { kind: 'stop-container', container })
  const back = restoreOld(input, undo, [stopped])
  const reported = addDataCheck(input, undo, container, stopped)
  const remove = { kind: 'remove-container', container, volumes: false, force: true } as const
  undo('remove', 'remove', [stopped, ...[back, ...reported].map((step) => ({ step, on: 'settled' }) as const)], remove)
  return ranBefore(input) ? [...failed, { step: back, on: 'success' }] : []
}

/** Removes NEXT if a check failed before anything was stopped. */
function undoRefused(input: ReplicaInput, next: Created): void {
  const { checked = [], created } = next
  if (checked.length === 0) return
  const refused = checked.map((step) => ({ step, on: 'failure' }) as const)
  adder(
    input,
    next.when,
  )({
    id: stepIds.undo('undo', 'create', addressOf(input.slot)),
    verb: 'remove',
    phase: 'undo',
    cause: 'refused before the old container was stopped',
    after: [...refused, created],
    action: { kind: 'remove-container', container: withoutFallback(next), volumes: false, force: true },
  })
}

type Undo = (
  deed: 'stop' | 'update' | 'start' | 'back' | 'wait' | 'remove' | 'data',
  verb: 'stop' | 'update' | 'start' | 'wait' | 'remove' | 'check',
  after: (After | StepId)[],
  action: EngineAction,
) => StepId

/** A function that adds steps of a phase, after `failed`: at least one failure edge. */
export function undoer(
  input: ReplicaInput,
  next: Created,
  { phase, cause, failed }: { phase: Phase; cause: string; failed: (After | StepId)[] },
): Undo {
  const address = addressOf(input.slot)
  const add = adder(input, next.when)
  return (deed, verb, after, action) =>
    add({ id: stepIds.undo(phase, deed, address), phase, verb, cause, after: [...failed, ...after], action })
}

/**
 * The id of NEXT without a fallback: if NEXT was not created, no other container may be stopped or removed in its
 * place.
 */
export function withoutFallback({ container }: Created): Id {
  return typeof container === 'string' ? container : { ref: container.ref, field: container.field }
}

/** @returns the start of the old container if it ran, else the step before */
export function restoreOld(input: ReplicaInput, undo: Undo, after: StepId[]): StepId {
  const { slot } = input
  const old = slot.current?.id ?? ''
  const policy = oldPolicy(input)
  const restore = { kind: 'set-restart-policy', container: old, policy } as const
  const restored = policy.name === 'no' ? after : [undo('update', 'update', after, restore)]
  if (!ranBefore(input)) return restored[0] ?? ''
  const start: EngineAction = {
    kind: 'start-container',
    service: slot.service,
    container: old,
    waiting: [],
    back: true,
  }
  return undo(wasStopped(input) ? 'back' : 'start', 'start', restored, start)
}

/** Only for another image, which may use another data format. Whether NEXT ran is known at execution. */
export function addDataCheck({ slot, image }: ReplicaInput, undo: Undo, container: Id, stopped: StepId): StepId[] {
  const { current, service } = slot
  const same = !image.step && image.known === current?.imageId
  const places = current && !same ? writablePlaces(current) : []
  if (!current || places.length === 0) return []
  const action = { kind: 'report-data', service, container, image: current.imageId, places } as const
  return [undo('data', 'check', [stopped], action)]
}
