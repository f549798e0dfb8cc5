import type { After, Awaited, StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { type DependencyEdge, dependenciesOf } from '../../../../stack/dependencies.ts'
import { hasSucceeded, isRunning } from '../../../state.ts'
import type { EngineAction, EngineActions, ReadyCondition } from '../../action.ts'
import { isFresh } from '../../observe/fresh.ts'
import type { Slot } from '../../observe/slots.ts'
import { serviceIn } from '../context.ts'
import { adder, addressOf, waitIds } from '../steps.ts'
import type { Planned, PlannedReplica, UpContext } from '../types.ts'

/**
 * The edges of a service's start: each dependency started, healthy or completed. Waits are only planned where a
 * dependent needs them.
 */
export function afterDependencies(context: UpContext, name: string, planned: Planned): After[] {
  return dependenciesOf(serviceIn(context, name)).flatMap((edge) => {
    const on = edge.required ? ('success' as const) : ('settled' as const)
    return stepsFor(context, edge, planned).map((step) => ({ step, on }))
  })
}

function stepsFor(context: UpContext, edge: DependencyEdge, planned: Planned): StepId[] {
  const replicas = planned.get(edge.service) ?? []
  const { condition } = edge
  if (context.intent.noStart) return []
  if (condition === 'service_started') return replicas.flatMap((replica) => replica.started)
  return replicas.flatMap((replica) => waitFor(context, replica, condition, !edge.required))
}

/** The steps after which a replica is ready; none if it already is. All dependents share one wait. */
export function waitFor(
  context: UpContext,
  replica: PlannedReplica,
  condition: ReadyCondition,
  optional = false,
): StepId[] {
  const { slot, container } = replica
  // The resource of a provider exists once its program has exited.
  if (container === '') return replica.started
  if (replica.started.length === 0 && isReady(replica, condition)) return []
  const there = plannedWaits(context, slot, condition)
  if (there.length > 0) {
    if (!optional) for (const each of there) context.builder.require(each)
    return there
  }
  const add = adder({ context, slot })
  const wait = add({
    id: stepIds.wait(addressOf(slot), condition),
    verb: 'wait',
    ...WAITS[condition],
    ...(optional && { optional: true as const }),
    after: replica.started,
    action: readyAction(context, slot.service, { container, condition, waiting: waitersOf(context, slot.service) }),
  })
  return [wait]
}

function plannedWaits({ builder }: UpContext, slot: Slot, condition: ReadyCondition): StepId[] {
  const ids = condition === 'running_or_healthy' ? waitIds(slot) : [stepIds.wait(addressOf(slot), condition)]
  return ids.filter((each) => builder.has(each))
}

export function readyAction(
  context: UpContext,
  service: string,
  wait: Pick<EngineActions['wait-ready'], 'container' | 'condition' | 'waiting'>,
): EngineAction {
  const timeout = context.intent.waitTimeout
  return {
    kind: 'wait-ready',
    service,
    ...wait,
    ...(timeout !== undefined && { timeoutMs: timeout }),
    ...steadiness(context, wait.condition),
  }
}

/**
 * How long a service without a health check must keep running under `--wait`; most crashes at start happen within it.
 */
const STEADY_MS = 1_000

function steadiness({ intent }: UpContext, condition: ReadyCondition): { steadyMs?: number } {
  return intent.wait && condition === 'running_or_healthy' ? { steadyMs: STEADY_MS } : {}
}

const WAITS: Record<ReadyCondition, { cause: string; awaits: Awaited }> = {
  service_healthy: { cause: 'until it is healthy', awaits: 'healthy' },
  service_completed_successfully: { cause: 'until it completes successfully', awaits: 'completed' },
  running_or_healthy: { cause: 'until it is ready', awaits: 'ready' },
}

function isReady({ slot: { current } }: PlannedReplica, condition: ReadyCondition): boolean {
  if (!current) return false
  const done = hasSucceeded(current)
  const running = isRunning(current)
  switch (condition) {
    case 'service_completed_successfully':
      return done
    case 'service_healthy':
      return running && current.health === 'healthy'
    case 'running_or_healthy':
      return done || (running && (current.health === undefined ? !isFresh(current) : current.health === 'healthy'))
  }
}

/** More names than anyone reads: in a long chain of services, each would list all those above it. */
const MOST_WAITERS = 100

/** The selected services that depend on a service, nearest first, up to a limit. */
export function waitersOf({ dependents, selected }: UpContext, name: string): string[] {
  const reached = new Set<string>()
  const add = (keys: readonly string[]) => {
    for (const key of keys) if (selected.has(key) && reached.size < MOST_WAITERS) reached.add(key)
  }
  add(dependents.needs(name))
  for (const each of reached) add(dependents.needs(each))
  return [...reached]
}
