import type { After, StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { serviceAddress } from '../../../../stack/address.ts'
import type { Slot } from '../../observe/slots.ts'
import { serviceIn } from '../context.ts'
import { addressOf, waitIds } from '../steps.ts'
import type { UpContext } from '../types.ts'

/** The steps that must succeed for a replacement to count as successful. Ids that are not planned are ignored. */
export function provingSteps(slot: Slot): StepId[] {
  return [stepIds.start(addressOf(slot), '-next'), ...waitIds(slot)]
}

/** Adds the check that fails once too many replacements have failed. If none may fail, it depends on their success. */
export function addFailureRatioCheck(
  context: UpContext,
  name: string,
  proven: StepId[],
  { id, turn }: { id: StepId; turn: After[] },
): StepId {
  const slots = context.slots.get(name) ?? []
  const tolerated = toleratedFailures(context, name)
  const on = tolerated === 0 ? 'success' : 'settled'
  return context.builder.add({
    id,
    subject: serviceAddress(name),
    verb: 'check',
    cause: `at most ${tolerated} of ${slots.length} may fail`,
    after: [...turn, ...proven.map((step) => ({ step, on }) as const)],
    action: { kind: 'judge-update', service: name, replicas: slots.map(provingSteps), tolerated },
  })
}

/** How many replicas may fail by `max_failure_ratio`. */
export function toleratedFailures(context: UpContext, name: string): number {
  const { max_failure_ratio = 0 } = serviceIn(context, name).deploy?.update_config ?? {}
  return Math.floor(max_failure_ratio * (context.slots.get(name) ?? []).length)
}
