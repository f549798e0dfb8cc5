import type { Checked } from '../../../../diagnostics/checked.ts'
import type { Plan } from '../../../../plan/plan.ts'
import type { Declared } from '../../../backend.ts'
import type { RemoveIntent } from '../../../intent.ts'
import { isAlive } from '../../../state.ts'
import type { EngineAction } from '../../action.ts'
import type { Observed } from '../../observe/observed.ts'
import { dependentsFirst } from '../container/order.ts'
import { addRemove } from '../container/stop.ts'
import { removeCarriedVolumes } from './remove-volumes.ts'
import { finishPlan, replicasIn, verbScope } from './scope.ts'
import { stopOptions } from './stop.ts'

/** Removes stopped containers, dependents first; on request stops and removes running ones too. */
export function planRemove(declared: Declared, observed: Observed, intent: RemoveIntent): Checked<Plan<EngineAction>> {
  const checked = verbScope(declared, observed, intent.services)
  if (!checked.ok) return checked
  const scope = checked.value
  const { stop, volumes, only } = intent
  const targets = replicasIn(scope).filter(
    (each) => (stop || !isAlive(each)) && (only === undefined || only.includes(each.id)),
  )
  const removed = dependentsFirst(scope.known, targets, (container, after) =>
    addRemove(scope.builder, container, { ...stopOptions(scope, container, undefined), after, volumes }),
  )
  const { stack } = scope.known
  if (volumes) removeCarriedVolumes({ stack, observed, builder: scope.builder, targets, removed })
  return finishPlan(scope)
}
