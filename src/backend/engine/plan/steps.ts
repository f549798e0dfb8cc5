import type { After, Step, StepId, When } from '../../../plan/step.ts'
import { stepIds } from '../../../plan/step-id.ts'
import { type Address, containerAddress } from '../../../stack/address.ts'
import type { EngineAction } from '../action.ts'
import type { Slot } from '../observe/slots.ts'
import type { ReplicaInput } from './types.ts'

export function addressOf(slot: Slot): Address {
  return slot.address ?? containerAddress(slot.service, slot.index)
}

/** The ids of all waits that can come between a start and the removal of the replaced container. */
export function waitIds(slot: Slot): StepId[] {
  return stepIds.waits(addressOf(slot))
}

/** A function that adds steps to this replica's group. */
export function adder({ context, slot }: Pick<ReplicaInput, 'context' | 'slot'>, when?: When) {
  const subject = addressOf(slot)
  return (step: Omit<Step<EngineAction>, 'subject' | 'after'> & { after: (After | StepId | undefined)[] }): StepId =>
    context.builder.add({
      subject,
      group: subject,
      ...step,
      ...(when && { when, after: [...step.after, when.output] }),
    })
}
