import type { After, StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import type { EngineAction } from '../../action.ts'
import { ranBefore } from '../container/restart-policy.ts'
import { addressOf } from '../steps.ts'
import type { Created, ReplicaInput, RollbackUnit } from '../types.ts'
import { addDataCheck, restoreOld, undoer, withoutFallback } from './undo.ts'

/**
 * If the whole update fails, replaced containers go back too, batch by batch. Failed ones were undone already, and
 * later batches have not started.
 * @returns edges for steps that follow the restart of the old container
 */
export function addRollback(input: ReplicaInput, next: Created, proven: StepId[], unit: RollbackUnit): After[] {
  const failed = { step: unit.check, on: 'failure' } as const
  const undo = undoer(input, next, {
    phase: 'rollback',
    cause: 'the update failed: the old container is restored',
    failed: [failed, ...proven, ...unit.turn],
  })
  const container = withoutFallback(next)
  const stop = (after: (After | StepId)[]) => undo('stop', 'stop', after, { kind: 'stop-container', container })
  const [back, stopped] = unit.startFirst ? restoreThenStop(input, undo, stop) : stopThenRestore(input, undo, stop)
  const reported = addDataCheck(input, undo, container, stopped)
  const remove = { kind: 'remove-container', container, volumes: false, force: true } as const
  undo('remove', 'remove', [stopped, ...[back, ...reported].map((step) => ({ step, on: 'settled' }) as const)], remove)
  return ranBefore(input) ? [failed, { step: back, on: 'settled' }] : []
}

type Stop = (after: (After | StepId)[]) => StepId
type Undo = ReturnType<typeof undoer>

function stopThenRestore(input: ReplicaInput, undo: Undo, stop: Stop): [StepId, StepId] {
  const stopped = stop([])
  const back = restoreOld(input, undo, [stopped])
  waitUntilRestored(input, undo, back)
  return [back, stopped]
}

function restoreThenStop(input: ReplicaInput, undo: Undo, stop: Stop): [StepId, StepId] {
  const back = restoreOld(input, undo, [])
  return [back, stop([{ step: waitUntilRestored(input, undo, back), on: 'settled' }])]
}

function waitUntilRestored({ slot, waiting }: ReplicaInput, undo: Undo, back: StepId): StepId {
  const action: EngineAction = {
    kind: 'wait-ready',
    service: slot.service,
    container: slot.current?.id ?? '',
    condition: 'running_or_healthy',
    waiting,
  }
  if (!ranBefore({ slot })) return stepIds.undo('rollback', 'wait', addressOf(slot))
  return undo('wait', 'wait', [back], action)
}
