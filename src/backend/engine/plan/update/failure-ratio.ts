import type { After, StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { serviceAddress } from '../../../../stack/address.ts'
import type { Slot } from '../../observe/slots.ts'
import { serviceIn } from '../context.ts'
import { addressOf, waitIds } from '../steps.ts'
import type { UpContext } from '../types.ts'

/** The steps by which a replacement proves itself; ids that are not planned count for nothing. */
export function provingSteps(slot: Slot): StepId[] {
  return [stepIds.start(addressOf(slot), '-next'), ...waitIds(slot)]
}

/** Fails once too many have. Where none may, it comes after their success and says nothing more. */
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

/** `max_failure_ratio`: of so many of its replicas the update may fail. */
export function toleratedFailures(context: UpContext, name: string): number {
  const { max_failure_ratio = 0 } = serviceIn(context, name).deploy?.update_config ?? {}
  return Math.floor(max_failure_ratio * (context.slots.get(name) ?? []).length)
}
