import { type Checked, failed } from '../../../../diagnostics/checked.ts'
import { isError } from '../../../../diagnostics/diagnostic.ts'
import type { Plan } from '../../../../plan/plan.ts'
import type { StepId } from '../../../../plan/step.ts'
import { dependenciesOf } from '../../../../stack/dependencies.ts'
import type { Declared } from '../../../backend.ts'
import type { RestartIntent } from '../../../intent.ts'
import type { EngineAction } from '../../action.ts'
import type { Observed } from '../../observe/observed.ts'
import type { Slot } from '../../observe/slots.ts'
import { orderFixedAddresses } from '../container/fixed-addresses.ts'
import { dependentsFirst } from '../container/order.ts'
import { startReplica } from '../container/replica.ts'
import { addStop } from '../container/stop.ts'
import type { Planned, PlannedReplica, UpContext } from '../types.ts'
import { createMissingNetworks } from './missing-networks.ts'
import { inputFor, replicaContext } from './replicas.ts'
import { noteMissing, noteOthers, finishPlan as planOf, type VerbScope, verbScope } from './scope.ts'
import { stopOptions } from './stop.ts'

/** The reason for each service's restart, by service. */
type Causes = ReadonlyMap<string, string>

/**
 * Stops containers, dependents first, and starts them in the reverse order, each once its dependencies meet their
 * conditions; stopped containers are only started. Dependents that declare `depends_on.X.restart` or share a namespace
 * are restarted too.
 */
export function planRestart(
  declared: Declared,
  observed: Observed,
  intent: RestartIntent,
): Checked<Plan<EngineAction>> {
  const checked = verbScope(declared, observed, intent.services)
  if (!checked.ok) return checked
  const causes = causesIn(checked.value, intent.noDeps)
  const scope = { ...checked.value, services: new Set(causes.keys()) }
  const context = replicaContext(scope, { services: [...scope.services] })
  const ready = createMissingNetworks(context, [...context.slots.values()].flat())
  const stopped = stopAll(scope, context, { causes, timeout: intent.timeout, ready })
  const planned = new Map<string, PlannedReplica[]>()
  for (const name of context.selection) {
    const slots = context.slots.get(name) ?? []
    if (slots.length === 0) noteMissing(context, name)
    planned.set(
      name,
      slots.map((slot) => startAgain(context, slot, planned, { stopped, cause: causes.get(name) ?? '' })),
    )
  }
  orderFixedAddresses(context)
  if (intent.services.length === 0) noteOthers(scope)
  return context.problems.some(isError) ? failed(...context.problems) : planOf(scope)
}

/** The services to restart, dependents that follow included, with the reasons. */
function causesIn({ known, services }: VerbScope, noDeps: boolean): Causes {
  const causes = new Map([...services].map((name) => [name, 'requested']))
  if (noDeps) return causes
  // Dependencies come first, so one pass finds all dependents.
  for (const name of known.graph.order()) {
    if (causes.has(name)) continue
    const edges = dependenciesOf(known.stack.services[name] ?? {})
    const followed = edges.find(({ service, restart }) => restart && causes.has(service))
    if (followed) causes.set(name, `${followed.service} is restarted`)
  }
  return causes
}

function stopAll(
  scope: VerbScope,
  context: UpContext,
  { causes, timeout, ready }: { causes: Causes; timeout: number | undefined; ready: StepId[] },
): ReadonlyMap<string, StepId> {
  const standing = [...context.slots.values()].flat()
  const places = new Map(standing.flatMap((slot) => (slot.current ? [[slot.current, slot] as const] : [])))
  return dependentsFirst(scope.known, [...places.keys()], (container, after) => {
    const cause = causes.get(places.get(container)?.service ?? '') ?? ''
    return addStop(scope.builder, container, {
      ...stopOptions(scope, container, timeout),
      cause,
      after: [...after, ...ready],
    })
  })
}

function startAgain(
  context: UpContext,
  slot: Slot,
  planned: Planned,
  { stopped, cause }: { stopped: ReadonlyMap<string, StepId>; cause: string },
): PlannedReplica {
  const stop = stopped.get(slot.current?.id ?? '')
  const input = inputFor(context, slot, planned)
  return startReplica({ ...input, before: stop === undefined ? [] : [stop] }, cause)
}
