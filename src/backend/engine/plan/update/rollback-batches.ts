import type { After, StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { serviceAddress } from '../../../../stack/address.ts'
import type { UpdateConfig } from '../../../../stack/model.ts'
import { milliseconds } from '../../../../stack/units.ts'
import type { Slot } from '../../observe/slots.ts'
import { serviceIn } from '../context.ts'
import { addressOf } from '../steps.ts'
import type { RollbackUnit, UpContext } from '../types.ts'
import { addFailureRatioCheck, provingSteps } from './failure-ratio.ts'
import { mayStartFirst } from './start-first.ts'

/** Hands out the turns in which the replicas of a service go back to how they were, should its update fail as a whole. */
export interface RollbackBatches {
  next(): RollbackUnit
  /** Told which replicas are replaced, and what its turn came after. */
  add(slot: Slot, turn: After[]): void
}

/** As `rollback_config` says or, where there is none, as the update itself. */
export function rollbackBatches(context: UpContext, name: string): RollbackBatches {
  const { update_config = {}, rollback_config } = serviceIn(context, name).deploy ?? {}
  const config = rollback_config ?? update_config
  const key = rollback_config ? 'rollback_config' : 'update_config'
  const check = stepIds.judge(serviceAddress(name), 'all')
  const startFirst = config.order === 'start-first' && mayStartFirst(context, name, key)
  const parallelism = config.parallelism ?? 1
  const taken: Slot[] = []
  let turn = afterUndo(context.slots.get(name) ?? [])
  let batch: Slot[] = []
  return {
    next() {
      if (parallelism > 0 && batch.length >= parallelism) {
        turn = afterBatch(context, config, { name, check, batch, number: taken.length })
        batch = []
      }
      return { check, startFirst, turn }
    },
    add(slot, updated) {
      taken.push(slot)
      batch.push(slot)
      addFailureRatioCheck(context, name, taken.flatMap(provingSteps), { id: check, turn: updated })
    },
  }
}

/** Those that failed themselves go back at once, and before the others: no more than need be are away at a time. */
function afterUndo(slots: Slot[]): After[] {
  const steps = slots.flatMap((slot) =>
    (['start', 'back'] as const).map((each) => stepIds.undo('undo', each, addressOf(slot))),
  )
  return steps.map((step) => ({ step, on: 'settled' }) as const)
}

interface Batch {
  name: string
  check: StepId
  batch: Slot[]
  number: number
}

/** Whether it is ready again or not, the next ones follow: there is nothing else to go back to. */
function afterBatch({ builder }: UpContext, { delay }: UpdateConfig, { name, check, batch, number }: Batch): After[] {
  const back = batch.flatMap((slot) =>
    (['start', 'wait'] as const).map(
      (each) => ({ step: stepIds.undo('rollback', each, addressOf(slot)), on: 'settled' }) as const,
    ),
  )
  if (!delay) return back
  const step = builder.add({
    id: stepIds.undo('rollback', 'pause', serviceAddress(name), number),
    phase: 'rollback',
    subject: serviceAddress(name),
    verb: 'wait',
    cause: 'delay between rollbacks',
    after: [...back, { step: check, on: 'failure' }],
    action: { kind: 'pause', ms: milliseconds(delay) },
  })
  return [{ step, on: 'settled' }]
}
