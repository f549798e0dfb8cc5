import type { After, StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { serviceIn } from '../context.ts'
import { addClaim } from '../resource-claims.ts'
import { adder, addressOf } from '../steps.ts'
import type { Created, ReplicaInput } from '../types.ts'
import { addBeforeStart } from './before-start.ts'
import { addPostStart, hooksOf } from './hooks.ts'

/** The steps after which a container has been started: its `pre_start` hooks come before, its `post_start` hooks are among them. */
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
