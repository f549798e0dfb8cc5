import type { FieldChange, When } from '../../../../plan/step.ts'
import { isUnstarted } from '../../../state.ts'
import { nextName } from '../../observe/slots.ts'
import { planConnects } from '../container/connects.ts'
import { addCreate } from '../container/create.ts'
import { addFiles } from '../container/files.ts'
import { createReplica } from '../container/replica.ts'
import { recordPolicy } from '../container/restart-policy.ts'
import { addStart } from '../container/start.ts'
import { addDatabaseCheck } from '../resource/database.ts'
import { mustGiveWay } from '../resource-claims.ts'
import { waitIds } from '../steps.ts'
import type { PlannedReplica, ReplicaInput } from '../types.ts'
import { giveNames, type Replacement, stopOld, takePlace, turnOf, waitUntilReady } from './replacement-steps.ts'

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
