import type { After, FieldChange, StepId, When } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { isRunning, isUnstarted } from '../../../state.ts'
import type { EngineAction } from '../../action.ts'
import { nextName } from '../../observe/slots.ts'
import { planConnects } from '../container/connects.ts'
import { addCreate } from '../container/create.ts'
import { stopsOfDependents } from '../container/dependents.ts'
import { addFiles } from '../container/files.ts'
import { addPreStop } from '../container/hooks.ts'
import { steadiness } from '../container/readiness.ts'
import { createReplica } from '../container/replica.ts'
import { disableRestart, recordPolicy } from '../container/restart-policy.ts'
import { addStart } from '../container/start.ts'
import { stopAction } from '../container/stop.ts'
import { serviceIn } from '../context.ts'
import { addDatabaseCheck } from '../resource/database.ts'
import { mustGiveWay } from '../resource-claims.ts'
import { adder, addressOf, waitIds } from '../steps.ts'
import type { Created, PlannedReplica, ReplicaInput } from '../types.ts'
import { addRollback } from './roll-back.ts'
import { addUndo } from './undo.ts'

/**
 * Replaces a container. NEXT is created under a temporary name and connected while the old container still runs.
 * Stop-first: switch off the old restart policy, stop the old container, start NEXT, wait until it is ready if anything
 * waits, remove the old container, rename NEXT. Start-first: start NEXT without the service's names, wait, connect it
 * with the names, then stop the old container. After a crash between any two steps the next command recognises the
 * state and continues.
 */
export function replaceReplica(
  input: ReplicaInput,
  cause: string,
  changes: FieldChange[],
  when?: When,
): PlannedReplica {
  const old = input.slot.current
  if (!old) return createReplica(input, cause)
  const condition = when ? { when } : {}
  const name = nextName(input.slot.name)
  const startFirst = (input.rollout?.startFirst ?? false) && !mustGiveWay(input)
  const recorded = { replaces: old.id, policy: recordPolicy(input) }
  const options = { variant: '-next' as const, name, cause, changes, unnamed: startFirst, ...recorded, ...condition }
  const created = addCreate(input, options)
  const checked = addDatabaseCheck(input, created.container, created, created.created)
  const next = { ...created, checked, prepared: [...created.prepared, ...checked], cause, ...condition }
  return startFirst ? startThenStop(input, next) : stopThenStart(input, next)
}

/** Continues a replacement whose NEXT exists and has the wanted revision. */
export function resumeReplica(input: ReplicaInput, cause: string): PlannedReplica {
  const { next } = input.slot
  const container = next?.id ?? ''
  const files = isUnstarted(next) ? addFiles(input, container, { variant: '-next' as const }) : []
  const checked = isUnstarted(next) ? addDatabaseCheck(input, container, { variant: '-next' as const }) : []
  const prepared = [...planConnects(input, container), ...files, ...checked]
  return stopThenStart(input, { container, prepared, checked, variant: '-next' as const, cause })
}

export interface Replacement extends Created {
  prepared: StepId[]
  cause: string
}

function stopThenStart(input: ReplicaInput, next: Replacement): PlannedReplica {
  const isInTheWay = mustGiveWay(input)
  const stopped = stopOld(input, next, [...next.prepared, ...(isInTheWay ? [] : [...input.ready, ...turnOf(input)])])
  const started = addStart(input, next, [stopped, ...(isInTheWay ? turnOf(input) : [])], next.cause)
  if (input.rollout) waitUntilReady(input, next, started)
  return takePlace(input, next, started, [stopped])
}

function startThenStop(input: ReplicaInput, next: Replacement): PlannedReplica {
  const { slot } = input
  const started = addStart(input, next, [...next.prepared, ...turnOf(input)], next.cause)
  if (started.length === 0) return stopThenStart(input, next)
  const ready = waitUntilReady(input, next, started)
  const named = giveNames(input, next, [...ready, ...waitIds(slot)])
  const stopped = stopOld(input, next, named)
  return takePlace(input, next, started, [...named, stopped])
}

/** For the next batch, or the stop of the old container. */
function waitUntilReady(input: ReplicaInput, next: Replacement, started: StepId[]): StepId[] {
  if (started.length === 0) return []
  const { slot, context } = input
  const timeout = context.intent.waitTimeout
  const action: EngineAction = {
    kind: 'wait-ready',
    service: slot.service,
    container: next.container,
    condition: 'running_or_healthy',
    waiting: input.waiting,
    ...(timeout !== undefined && { timeoutMs: timeout }),
    ...steadiness(context, 'running_or_healthy'),
  }
  const id = stepIds.wait(addressOf(slot), 'running_or_healthy')
  return [adder(input, next.when)({ id, verb: 'wait', cause: 'until it can take over', after: started, action })]
}

/** Aliases of an endpoint cannot change: NEXT leaves each network and joins it again with the service's names. */
function giveNames(input: ReplicaInput, next: Replacement, after: StepId[]): StepId[] {
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

function stopOld(input: ReplicaInput, next: Replacement, after: (After | StepId)[]): StepId {
  const { context, slot } = input
  const service = serviceIn(context, slot.service)
  const add = adder(input, next.when)
  const alone = [...after, ...stopsOfDependents(context, slot.service)]
  const calmed = [...alone, ...disableRestart(input, next, alone)]
  const { timeout } = context.intent
  const old = slot.current?.id ?? ''
  const id = stepIds.stop(addressOf(slot))
  const stopping = { id, service: slot.service, container: old, after: calmed, timeout }
  const hooks = isRunning(slot.current) ? addPreStop(add, service, stopping) : []
  return add({
    id,
    verb: 'stop',
    cause: next.cause,
    after: [...calmed, ...hooks],
    risk: 'downtime',
    action: stopAction(old, timeout, service),
  })
}

/** Removes the old container and renames NEXT once NEXT, and with a rollback unit the whole update, has succeeded. */
function takePlace(input: ReplicaInput, next: Replacement, started: StepId[], after: StepId[]): PlannedReplica {
  const { slot, rollout } = input
  const address = addressOf(slot)
  const add = adder(input, next.when)
  const proven = [...started, ...addMonitor(input, next, started), ...waitIds(slot)]
  const unit = started.length > 0 ? rollout?.unit : undefined
  const undone = started.length > 0 ? addUndo(input, next, [...proven, ...after]) : []
  const rolledBack = unit ? addRollback(input, next, proven, unit) : []
  const removed = add({
    id: stepIds.remove(address),
    verb: 'remove',
    cause: 'replaced',
    after: [...after, ...proven, unit?.check],
    action: { kind: 'remove-container', container: slot.current?.id ?? '', volumes: false, force: false },
  })
  const renamed = add({
    id: stepIds.rename(address),
    verb: 'rename',
    cause: 'gets its final name',
    after: [removed],
    action: { kind: 'rename-container', container: next.container, name: slot.name },
  })
  return {
    slot,
    container: next.container,
    started,
    settled: [renamed],
    undone: [...undone, ...rolledBack],
    replaced: started.length > 0,
  }
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

function turnOf({ rollout }: ReplicaInput): After[] {
  return rollout?.turn ?? []
}
