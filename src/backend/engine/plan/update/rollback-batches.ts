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

/** Assigns replicas to batches of a rollback. */
export interface RollbackBatches {
  next(): RollbackUnit
  /** Records a replaced replica; `turn` are the edges of its update. */
  add(slot: Slot, turn: After[]): void
}

/** By `rollback_config` or, without one, by `update_config`. */
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

/** The rollback follows the undo of failed replicas, so that no more containers than necessary are down at once. */
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

/** The next batch follows in any case: there is nothing else to go back to. */
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
