import type { After, StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { serviceIn } from '../context.ts'
import { addClaim } from '../resource-claims.ts'
import { adder, addressOf } from '../steps.ts'
import type { Created, ReplicaInput } from '../types.ts'
import { addBeforeStart } from './before-start.ts'
import { addPostStart, hooksOf } from './hooks.ts'

/** Starts a container, with its `pre_start` hooks before. Returns the start and the `post_start` hooks. */
export function addStart(input: ReplicaInput, created: Created, after: (After | StepId)[], cause: string): StepId[] {
  const { slot, context, waiting } = input
  if (context.intent.noStart) return []
  const service = serviceIn(context, slot.service)
  const kind = 'start-container' as const
  const action = { kind, service: slot.service, container: created.container, waiting, ...hooksOf(service) }
  const id = stepIds.start(addressOf(slot), created.variant)
  addClaim(input, id)
  const ready = [...after, ...input.ready]
  const prepared = addBeforeStart(input, created, ready)
  const started = adder(input, created.when)({ id, verb: 'start', cause, after: [...ready, ...prepared], action })
  return [started, ...addPostStart(input, created, [started])]
}
