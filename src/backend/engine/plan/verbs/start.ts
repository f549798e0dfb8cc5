import { type Checked, failed } from '../../../../diagnostics/checked.ts'
import { type Diagnostic, error, isError } from '../../../../diagnostics/diagnostic.ts'
import type { Plan } from '../../../../plan/plan.ts'
import { dependenciesOf } from '../../../../stack/dependencies.ts'
import type { Declared } from '../../../backend.ts'
import type { StartIntent } from '../../../intent.ts'
import type { EngineAction } from '../../action.ts'
import type { Observed } from '../../observed.ts'
import type { UpContext } from '../context.ts'
import { addDueHooks } from '../hooks.ts'
import { orderByPorts } from '../ports.ts'
import { type Planned, waitFor } from '../readiness.ts'
import { planStart as startReplica } from '../replica.ts'
import { hasDone, type Slot } from '../slots.ts'
import { adder, addressOf, type PlannedReplica, type ReplicaInput } from '../steps.ts'
import { isBlind } from './known.ts'
import { inputFor, replicaContext } from './replicas.ts'
import {
  hasContainers,
  isAlive,
  noteMissing,
  planned as planOf,
  replicasIn,
  type VerbScope,
  verbScope,
} from './scope.ts'

/**
 * Starts containers that were created before, with what they depend on, each once its dependencies are what it waits for. A job that has
 * done its work is done again only if it is named; what is paused goes on.
 */
export function planStart(declared: Declared, observed: Observed, intent: StartIntent): Checked<Plan<EngineAction>> {
  const checked = verbScope(declared, observed, intent.services)
  if (!checked.ok) return checked
  const scope = withNeeded(checked.value)
  if (isEmpty(scope)) return failed(nothingThere(scope, intent.services))
  const { services, wait, waitTimeout } = intent
  const context = replicaContext(scope, { services, ...(waitTimeout !== undefined && { waitTimeout }) })
  const planned = new Map<string, PlannedReplica[]>()
  for (const name of context.selection) planned.set(name, startAll(context, name, planned))
  if (wait) for (const replica of [...planned.values()].flat()) waitFor(context, replica, 'running_or_healthy')
  orderByPorts(context)
  return context.problems.some(isError) ? failed(...context.problems) : planOf(scope)
}

/** Nothing of it was ever created, and not because nothing was to be. */
function isEmpty(scope: VerbScope): boolean {
  const { stack } = scope.known
  const expected = isBlind(stack) || [...scope.services].some((name) => hasContainers(stack, name))
  return expected && replicasIn(scope).length === 0
}

function nothingThere({ known: { stack }, services }: VerbScope, named: readonly string[]): Diagnostic {
  const what = named.length > 0 ? `there is no container of ${[...services].sort().join(', ')}` : undefined
  return error('no-container', what ?? `project ${stack.name} has no containers`, { hint: 'flotilla up creates them' })
}

function withNeeded(scope: VerbScope): VerbScope {
  return { ...scope, services: scope.known.graph.closure(scope.services) }
}

function startAll(context: UpContext, name: string, planned: Planned): PlannedReplica[] {
  const slots = context.slots.get(name) ?? []
  if (slots.length === 0) noteMissing(context, name)
  else if (slots.some((slot) => isToStart(context, slot))) demandNeeded(context, name)
  return slots.map((slot) => startOne(context, slot, planned))
}

function startOne(context: UpContext, slot: Slot, planned: Planned): PlannedReplica {
  const toStart = isToStart(context, slot)
  const input = inputFor(context, slot, toStart ? planned : undefined)
  if (toStart) return startReplica(input, causeOf(input))
  return kept(slot, slot.current?.state === 'paused' ? goOn(input) : addDueHooks(input))
}

function isToStart({ declared: { stack }, intent }: UpContext, { current, service }: Slot): boolean {
  if (!current || isAlive(current)) return false
  return intent.services.includes(service) || !hasDone(stack, current)
}

function causeOf({ context: { intent }, slot, waiting }: ReplicaInput): string {
  const asked = intent.services.length === 0 || intent.services.includes(slot.service)
  return asked ? 'asked for' : `${waiting[0] ?? 'another service'} needs it`
}

function goOn(input: ReplicaInput): PlannedReplica['started'] {
  const { slot } = input
  const action = { kind: 'unpause-container', container: slot.current?.id ?? '' } as const
  return [adder(input)({ id: `unpause:${addressOf(slot)}`, verb: 'unpause', cause: 'it is paused', after: [], action })]
}

function kept(slot: Slot, started: PlannedReplica['started']): PlannedReplica {
  return { slot, container: slot.current?.id ?? '', started, settled: started }
}

/** Without what it cannot do without, nothing is started at all. */
function demandNeeded({ declared, slots, problems }: UpContext, name: string): void {
  const { services } = declared.stack
  for (const { service, required } of dependenciesOf(services[name] ?? {})) {
    const isThere = slots.get(service)?.length !== 0 || !hasContainers(declared.stack, service)
    if (isThere || !required) continue
    const at = declared.spanOf(`services.${name}.depends_on.${service}`)
    const hint = `flotilla up ${name} creates it`
    problems.push(error('no-container', `${name} needs ${service}, which has no container`, { at, hint }))
  }
}
