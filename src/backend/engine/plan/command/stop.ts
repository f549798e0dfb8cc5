import type { Checked } from '../../../../diagnostics/checked.ts'
import type { ContainerSummary } from '../../../../docker/port.ts'
import type { Plan } from '../../../../plan/plan.ts'
import type { Declared } from '../../../backend.ts'
import type { StopIntent } from '../../../intent.ts'
import type { EngineAction } from '../../action.ts'
import type { Observed } from '../../observe/observed.ts'
import { dependentsFirst } from '../container/order.ts'
import { addressOfContainer, addStop, type StopOptions } from '../container/stop.ts'
import { addProviders } from '../resource/provider.ts'
import { finishPlan, noteOthers, replicasIn, serviceOf, type VerbScope, verbScope } from './scope.ts'

/** Stops containers, dependents first, and removes nothing. */
export function planStop(declared: Declared, observed: Observed, intent: StopIntent): Checked<Plan<EngineAction>> {
  const checked = verbScope(declared, observed, intent.services)
  if (!checked.ok) return checked
  const scope = checked.value
  const isMeant = (container: ContainerSummary) => intent.only?.includes(addressOfContainer(container)) ?? true
  const stopped = dependentsFirst(scope.known, replicasIn(scope), (container, after) =>
    isMeant(container)
      ? addStop(scope.builder, container, { ...stopOptions(scope, container, intent.timeout), after })
      : undefined,
  )
  const { containers } = observed
  addProviders(scope.builder, 'stop', { stack: declared.stack, containers, services: intent.services, done: stopped })
  if (intent.services.length === 0) noteOthers(scope)
  return finishPlan(scope)
}

export function stopOptions(
  scope: VerbScope,
  container: ContainerSummary,
  timeout: number | undefined,
): Omit<StopOptions, 'after'> {
  const service = serviceOf(scope, container)
  return { cause: 'requested', ...(service && { service }), ...(timeout !== undefined && { timeout }) }
}
