import type { After, StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { isRunning } from '../../../state.ts'
import { stopsOfDependents } from '../container/dependents.ts'
import { addPreStop } from '../container/hooks.ts'
import { readyAction } from '../container/readiness.ts'
import { disableRestart } from '../container/restart-policy.ts'
import { stopAction } from '../container/stop.ts'
import { serviceIn } from '../context.ts'
import { adder, addressOf, waitIds } from '../steps.ts'
import type { Created, PlannedReplica, ReplicaInput } from '../types.ts'
import { addRollback } from './roll-back.ts'
import { addUndo } from './undo.ts'

/** NEXT, and the steps that get it ready for its start. */
export interface Replacement extends Created {
  prepared: StepId[]
  cause: string
}

/** For the next batch, or the stop of the old container. */
export function waitUntilReady(input: ReplicaInput, next: Replacement, started: StepId[]): StepId[] {
  if (started.length === 0) return []
  const { slot, context, waiting } = input
  const condition = 'running_or_healthy'
  const action = readyAction(context, slot.service, { container: next.container, condition, waiting })
  const id = stepIds.wait(addressOf(slot), condition)
  const cause = 'until it can take over'
  return [adder(input, next.when)({ id, verb: 'wait', cause, awaits: 'ready', after: started, action })]
}

/** Aliases of an endpoint cannot change: NEXT leaves each network and joins it again with the service's names. */
export function giveNames(input: ReplicaInput, next: Replacement, after: StepId[]): StepId[] {
  const { slot, lowered, networks } = input
  const add = adder(input, next.when)
  return lowered.endpoints.flatMap(([key, endpoint]) => {
    const network = networks.find((each) => each.key === key)?.planned.id
    if (network === undefined) return []
    const cause = 'gets the names of the service'
    const address = addressOf(slot)
    const leave = { kind: 'disconnect-network', network, container: next.container } as const
    const left = add({ id: stepIds.unname(address, key), verb: 'disconnect', cause, after, action: leave })
    const join = { kind: 'connect-network', network, container: next.container, endpoint } as const
    return [add({ id: stepIds.name(address, key), verb: 'connect', cause, after: [left], action: join })]
  })
}

export function stopOld(input: ReplicaInput, next: Replacement, after: (After | StepId)[]): StepId {
  const { context, slot } = input
  const service = serviceIn(context, slot.service)
  const alone = [...after, ...stopsOfDependents(context, slot.service)]
  const calmed = [...alone, ...disableRestart(input, next, alone)]
  const { timeout } = context.intent
  const old = slot.current?.id ?? ''
  const id = stepIds.stop(addressOf(slot))
  const add = adder(input, next.when)
  const stopping = { id, service: slot.service, container: old, after: calmed, timeout }
  const hooks = isRunning(slot.current) ? addPreStop(add, service, stopping) : []
  const action = stopAction(old, timeout, service)
  return add({ id, verb: 'stop', cause: next.cause, after: [...calmed, ...hooks], risk: 'downtime', action })
}

/** Removes the old container and renames NEXT once NEXT, and with a rollback unit the whole update, has succeeded. */
export function takePlace(input: ReplicaInput, next: Replacement, started: StepId[], after: StepId[]): PlannedReplica {
  const { slot, rollout } = input
  const proven = [...started, ...addMonitor(input, next, started), ...waitIds(slot)]
  const unit = started.length > 0 ? rollout?.unit : undefined
  const undone = started.length > 0 ? addUndo(input, next, [...proven, ...after]) : []
  const rolledBack = unit ? addRollback(input, next, proven, unit) : []
  const renamed = removeAndRename(input, next, [...after, ...proven, unit?.check])
  return {
    slot,
    container: next.container,
    started,
    settled: [renamed],
    undone: [...undone, ...rolledBack],
    replaced: started.length > 0,
  }
}

function removeAndRename({ context, slot }: ReplicaInput, next: Replacement, after: (StepId | undefined)[]): StepId {
  const address = addressOf(slot)
  const add = adder({ context, slot }, next.when)
  const removed = add({
    id: stepIds.remove(address),
    verb: 'remove',
    cause: 'replaced',
    after,
    action: { kind: 'remove-container', container: slot.current?.id ?? '', volumes: false, force: false },
  })
  return add({
    id: stepIds.rename(address),
    verb: 'rename',
    cause: 'gets its final name',
    after: [removed],
    action: { kind: 'rename-container', container: next.container, name: slot.name },
  })
}

/** `update_config.monitor`: NEXT must keep running for this time. */
function addMonitor(input: ReplicaInput, next: Replacement, after: StepId[]): StepId[] {
  const { slot, rollout } = input
  if (!rollout?.monitorMs || after.length === 0) return []
  const action = { kind: 'monitor', service: slot.service, container: next.container, ms: rollout.monitorMs } as const
  const id = stepIds.wait(addressOf(slot), 'monitored')
  // After it is ready: an earlier exit is reported by the wait.
  const ready = stepIds.wait(addressOf(slot), 'running_or_healthy')
  return [
    adder(input, next.when)({ id, verb: 'wait', cause: 'whether it keeps running', after: [...after, ready], action }),
  ]
}

export function turnOf({ rollout }: ReplicaInput): After[] {
  return rollout?.turn ?? []
}
