import type { Checked } from '../../../../diagnostics/checked.ts'
import type { Plan } from '../../../../plan/plan.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import type { Declared } from '../../../backend.ts'
import type { PauseIntent } from '../../../intent.ts'
import { isPaused, isRunning } from '../../../state.ts'
import type { EngineAction } from '../../action.ts'
import type { Observed } from '../../observe/observed.ts'
import { dependentsFirst, neededFirst } from '../container/order.ts'
import { noteRestarting } from '../container/restarting.ts'
import { addressOfContainer } from '../container/stop.ts'
import { finishPlan, noteOthers, replicasIn, verbScope } from './scope.ts'

/** Pauses dependents first and unpauses in the reverse order, so that no running container waits for a paused one. */
export function planPause(declared: Declared, observed: Observed, intent: PauseIntent): Checked<Plan<EngineAction>> {
  const checked = verbScope(declared, observed, intent.services)
  if (!checked.ok) return checked
  const scope = checked.value
  const pausing = intent.kind === 'pause'
  const isAffected = pausing ? isRunning : isPaused
  const inOrder = pausing ? dependentsFirst : neededFirst
  inOrder(scope.known, replicasIn(scope), (container, after) => {
    if (pausing) noteRestarting(scope.builder, container)
    if (!isAffected(container)) return undefined
    const address = addressOfContainer(container)
    return scope.builder.add({
      id: stepIds[intent.kind](address, container.id),
      subject: address,
      verb: intent.kind,
      cause: 'requested',
      after,
      action: { kind: `${intent.kind}-container`, container: container.id },
    })
  })
  if (intent.services.length === 0 && pausing) noteOthers(scope)
  return finishPlan(scope)
}
