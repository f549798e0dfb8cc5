import type { StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { stackAddress } from '../../../../stack/address.ts'
import type { Awaited } from '../../action.ts'
import { waitFor } from '../container/readiness.ts'
import type { Planned, PlannedReplica, UpContext } from '../types.ts'

/**
 * `--wait`: waits for all containers in parallel, then checks them together, because one may have crashed while others
 * were awaited.
 */
export function waitForAll(context: UpContext, planned: Planned): void {
  const replicas = [...planned.values()].flat()
  const waits = new Map(replicas.map((replica) => [replica, waitFor(context, replica, 'running_or_healthy')]))
  const after = [...waits.values()].flat().map((step) => ({ step, on: 'settled' as const }))
  const containers = replicas.flatMap((replica) => awaited(replica, waits.get(replica) ?? []))
  if (after.length === 0) return
  const { builder, declared } = context
  const action = { kind: 'check-running', containers } as const
  const cause = 'whether all containers still run'
  builder.add({
    id: stepIds.checkRunning(),
    subject: stackAddress(declared.stack.name),
    verb: 'check',
    cause,
    after,
    action,
  })
}

/** A service of a provider has no container. */
function awaited({ slot: { service }, container }: PlannedReplica, waits: StepId[]): Awaited[] {
  if (container === '') return []
  const [wait] = waits
  return [{ service, container, ...(wait !== undefined && { wait }) }]
}
