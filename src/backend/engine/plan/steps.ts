import type { After, Step, StepId, When } from '../../../plan/step.ts'
import { stepIds, type Variant } from '../../../plan/step-id.ts'
import { type Address, containerAddress } from '../../../stack/address.ts'
import type { EngineAction, Id } from '../action.ts'
import type { Lowered } from '../lower/lower.ts'
import type { Slot } from '../observe/slots.ts'
import type { UpContext } from './context.ts'
import type { PlannedImage } from './resource/images.ts'
import type { PlannedNetwork } from './resource/networks.ts'
import type { Rollout } from './update/rollout.ts'

/** Everything that planning one replica needs, found out before. */
export interface ReplicaInput {
  context: UpContext
  slot: Slot
  lowered: Lowered
  image: PlannedImage
  networks: { key: string; planned: PlannedNetwork }[]
  /** The containers whose namespaces or volumes it shares. */
  shares: Id[]
  /** The step that puts together what providers and models tell it. */
  provided?: StepId
  /** What the container remembers of a database's volume. */
  labels?: Record<string, string>
  /** Steps before the container can be created: volumes, names that must become free. */
  before: StepId[]
  /** What must be true before it may start. */
  ready: After[]
  waiting: string[]
  /** Whether what runs once for its service is due; by default it is. */
  once?: Once
  /** How its service's containers are replaced; absent where it says nothing, or nothing is replaced. */
  rollout?: Rollout
}

/** Not while a container of the service goes on as it is: done. A condition: that none does. */
export type Once = 'due' | 'done' | When

/** A replica once the plan has been carried out. */
export interface PlannedReplica {
  slot: Slot
  container: Id
  /** The steps after which it has been started; none if it runs already. */
  started: StepId[]
  /** The step after which it stands under its own name. */
  settled: StepId[]
  /** What comes after the old container has been started again, should the new one fail. */
  undone?: After[]
  /** The condition under which it is replaced at all. */
  when?: When
  /** Whether another container takes the place of the old one. */
  replaced: boolean
  /** Stopped and started again, with a dependency. */
  restarted?: true
}

export function addressOf(slot: Slot): Address {
  return slot.address ?? containerAddress(slot.service, slot.index)
}

/** The ids of the waits that may stand between a start and the removal of what it replaces. */
export function waitIds(slot: Slot): StepId[] {
  return stepIds.waits(addressOf(slot))
}

/** Adds a step of this replica's group. */
export function adder({ context, slot }: ReplicaInput, when?: When) {
  const subject = addressOf(slot)
  return (step: Omit<Step<EngineAction>, 'subject' | 'after'> & { after: (After | StepId | undefined)[] }): StepId =>
    context.builder.add({
      subject,
      group: subject,
      ...step,
      ...(when && { when, after: [...step.after, when.output] }),
    })
}

export interface Created {
  container: Id
  /** The step that creates it, if it was not there already. */
  created?: StepId
  /** Checks before anything is stopped for it: if one of them fails there is nothing to undo but its creation. */
  checked?: StepId[]
  variant: Variant
  when?: When
}
