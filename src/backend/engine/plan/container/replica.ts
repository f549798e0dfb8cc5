import type { When } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { hasExited, isUnstarted } from '../../../state.ts'
import { addDatabaseCheck } from '../resource/database.ts'
import { adder, addressOf } from '../steps.ts'
import type { PlannedReplica, ReplicaInput } from '../types.ts'
import { planConnects } from './connects.ts'
import { addCreate } from './create.ts'
import { addFiles } from './files.ts'
import { addDueHooks } from './hooks.ts'
import { noteRestarting } from './restarting.ts'
import { addStart } from './start.ts'

export function createReplica(input: ReplicaInput, cause: string): PlannedReplica {
  const { slot } = input
  const created = addCreate(input, { variant: '', name: slot.name, cause })
  const prepared = [...created.prepared, ...addDatabaseCheck(input, created.container, created, created.created)]
  const started = addStart(input, created, prepared, cause)
  return {
    slot,
    container: created.container,
    started,
    settled: started.length > 0 ? started : prepared,
    replaced: false,
  }
}

export function startReplica(input: ReplicaInput, cause: string, when?: When): PlannedReplica {
  const { slot } = input
  const container = slot.current?.id ?? ''
  const unstarted = isUnstarted(slot.current)
  // A removed leftover may have held its host port.
  const prepared = [
    ...input.before,
    ...planConnects(input),
    ...(unstarted ? addFiles(input, container, { variant: '' }) : []),
    ...(unstarted ? addDatabaseCheck(input, container, { variant: '', ...(when && { when }) }) : []),
  ]
  const started = addStart(input, { container, variant: '', ...(when && { when }) }, prepared, cause)
  return { slot, container, started, settled: started, replaced: false }
}

/** Unpauses the container once its dependencies meet their conditions; then it counts as started. */
export function unpauseReplica(input: ReplicaInput, cause: string, when?: When): PlannedReplica {
  const { slot } = input
  const container = slot.current?.id ?? ''
  const after = [...input.before, ...planConnects(input), ...input.ready]
  const action = { kind: 'unpause-container', container } as const
  const unpaused = adder(input, when)({ id: stepIds.unpause(addressOf(slot)), verb: 'unpause', cause, after, action })
  const started = [unpaused, ...addDueHooks(input, [unpaused], when)]
  return { slot, container, started, settled: started, replaced: false }
}

/** Keeps a container. One that someone disconnected is connected again; a completed job needs no network. */
export function keepReplica(input: ReplicaInput): PlannedReplica {
  const connected = hasExited(input.slot.current) ? [] : planConnects(input)
  const started = addDueHooks(input)
  const settled = [...connected, ...started]
  const { slot, context } = input
  noteRestarting(context.builder, slot.current)
  if (settled.length === 0 && slot.current?.name === slot.name) context.builder.unchanged(addressOf(slot))
  return { slot, container: slot.current?.id ?? '', started, settled, replaced: false }
}
