import { type Checked, failed } from '../../../../diagnostics/checked.ts'
import { type Diagnostic, error, isError } from '../../../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../../../diagnostics/own-command.ts'
import type { Plan } from '../../../../plan/plan.ts'
import { type DependencyEdge, dependenciesOf, spacesOf } from '../../../../stack/dependencies.ts'
import type { Service } from '../../../../stack/model.ts'
import type { Declared } from '../../../backend.ts'
import type { StartIntent } from '../../../intent.ts'
import { isAlive, isPaused } from '../../../state.ts'
import type { EngineAction } from '../../action.ts'
import type { Observed } from '../../observe/observed.ts'
import { hasDone, isOneOff, type Slot } from '../../observe/slots.ts'
import { addDueHooks } from '../container/hooks.ts'
import { startReplica, unpauseReplica } from '../container/replica.ts'
import { noteRestarting } from '../container/restarting.ts'
import { orderByClaims } from '../resource-claims.ts'
import type { Planned, PlannedReplica, ReplicaInput, UpContext } from '../types.ts'
import { isBlind, serviceName } from './known.ts'
import { waitForAll } from './last-look.ts'
import { createMissingNetworks } from './missing-networks.ts'
import { orphansOf } from './orphans.ts'
import { inputFor, replicaContext } from './replicas.ts'
import { hasContainers, noteMissing, finishPlan as planOf, type VerbScope, verbScope } from './scope.ts'

/**
 * Starts existing containers and their dependencies, each once its dependencies meet their conditions. A completed job
 * runs again only if it is named; paused containers are unpaused.
 */
export function planStart(declared: Declared, observed: Observed, intent: StartIntent): Checked<Plan<EngineAction>> {
  const checked = verbScope(declared, observed, intent.services)
  if (!checked.ok) return checked
  const scope = withNeeded(checked.value)
  if (isEmpty(scope)) return failed(nothingThere(scope))
  const { services, wait, waitTimeout } = intent
  const context = replicaContext(scope, { services, wait, ...(waitTimeout !== undefined && { waitTimeout }) })
  const planned = new Map<string, PlannedReplica[]>()
  for (const name of context.selection) planned.set(name, startAll(context, name, planned))
  if (wait) waitForAll(context, planned)
  orderByClaims(context)
  return context.problems.some(isError) ? failed(...context.problems) : planOf(scope)
}

/**
 * Whether no service of the project has a container although one should: that is an error. A single service without one
 * is only noted, as `docker compose` does (pkg/compose/start.go).
 */
function isEmpty({ known: { stack }, observed, services }: VerbScope): boolean {
  const expected = isBlind(stack) || [...services].some((name) => hasContainers(stack, name))
  return expected && observed.containers.every((each) => isOneOff(each) || !(serviceName(each) in stack.services))
}

function nothingThere({ known: { stack }, observed }: VerbScope): Diagnostic {
  const others = isBlind(stack) ? [] : orphansOf(stack, observed.containers).map(({ name }) => name)
  const what = others.length === 0 ? 'has no containers' : `only has containers of other services: ${others.join(', ')}`
  const where = observed.elsewhere === undefined ? '' : ` (brought up from ${observed.elsewhere})`
  return error('no-container', `project ${stack.name} ${what}${where}`, {
    hint: `${ownCommand('up')} creates the containers of this stack`,
  })
}

function withNeeded(scope: VerbScope): VerbScope {
  return { ...scope, services: scope.known.graph.closure(scope.services) }
}

function startAll(context: UpContext, name: string, planned: Planned): PlannedReplica[] {
  const slots = context.slots.get(name) ?? []
  createMissingNetworks(
    context,
    slots.filter((slot) => isToStart(context, slot)),
  )
  if (slots.length === 0) noteMissing(context, name)
  else if (slots.some((slot) => isToStart(context, slot))) demandNeeded(context, name)
  return slots.map((slot) => startOne(context, slot, planned))
}

function startOne(context: UpContext, slot: Slot, planned: Planned): PlannedReplica {
  const paused = isPaused(slot.current)
  const toStart = isToStart(context, slot)
  const input = inputFor(context, slot, toStart || paused ? planned : undefined)
  if (paused) return unpauseReplica(input, 'it is paused')
  noteRestarting(context.builder, slot.current)
  if (!toStart) return kept(slot, addDueHooks(input))
  const once = (context.slots.get(slot.service) ?? []).some(runs) ? ('done' as const) : ('due' as const)
  return startReplica({ ...input, once }, causeOf(input))
}

function runs({ current }: Slot): boolean {
  return current !== undefined && isAlive(current)
}

function isToStart({ declared: { stack }, intent }: UpContext, { current, service }: Slot): boolean {
  if (!current || isAlive(current)) return false
  return intent.services.includes(service) || !hasDone(stack, current)
}

function causeOf({ context: { intent }, slot, waiting }: ReplicaInput): string {
  const asked = intent.services.length === 0 || intent.services.includes(slot.service)
  return asked ? 'requested' : `${waiting[0] ?? 'another service'} needs it`
}

function kept(slot: Slot, started: PlannedReplica['started']): PlannedReplica {
  return { slot, container: slot.current?.id ?? '', started, settled: started, replaced: false }
}

/**
 * Requires a container of each dependency whose condition or namespace is needed. A dependency that only gives an order
 * may be absent.
 */
function demandNeeded({ declared, slots, problems }: UpContext, name: string): void {
  const { services } = declared.stack
  for (const edge of dependenciesOf(services[name] ?? {})) {
    const { service, required } = edge
    const isThere = slots.get(service)?.length !== 0 || !hasContainers(declared.stack, service)
    if (isThere || !required || isOrder(edge, services[name] ?? {})) continue
    const at = declared.spanOf(`services.${name}.depends_on.${service}`)
    const hint = `${ownCommand(`up ${name}`)} creates it`
    problems.push(error('no-container', `${name} needs ${service}, which has no container`, { at, hint }))
  }
}

function isOrder({ condition, from, service }: DependencyEdge, dependent: Service): boolean {
  return condition === 'service_started' && from === 'depends_on' && !spacesOf(dependent).includes(service)
}
