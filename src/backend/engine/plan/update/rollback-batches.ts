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

/** By `rollback_config` or, without one, by `update_config`. */
export function rollbackBatches(context: UpContext, name: string): RollbackBatches {
  const { update_config = {}, rollback_config } = serviceIn(context, name).deploy ?? {}
  const config = rollback_config ?? update_config
  const key = rollback_config ? 'rollback_config' : 'update_config'
  const startFirst = config.order === 'start-first' && mayStartFirst(context, name, key)
  return new RollbackBatches(context, name, { ...config, startFirst })
}

/** Assigns replicas to batches of a rollback. */
export class RollbackBatches {
  readonly #check: StepId
  readonly #taken: Slot[] = []
  #turn: After[]
  #batch: Slot[] = []

  constructor(
    private readonly context: UpContext,
    private readonly name: string,
    private readonly config: UpdateConfig & { startFirst: boolean },
  ) {
    this.#check = stepIds.judge(serviceAddress(name), 'all')
    this.#turn = afterUndo(context.slots.get(name) ?? [])
  }

  next(): RollbackUnit {
    const { parallelism = 1, startFirst } = this.config
    if (parallelism > 0 && this.#batch.length >= parallelism) this.#endBatch()
    return { check: this.#check, startFirst, turn: this.#turn }
  }

  /** Records a replaced replica; `turn` are the edges of its update. */
  add(slot: Slot, turn: After[]): void {
    this.#taken.push(slot)
    this.#batch.push(slot)
    addFailureRatioCheck(this.context, this.name, this.#taken.flatMap(provingSteps), { id: this.#check, turn })
  }

  #endBatch(): void {
    const batch = { name: this.name, check: this.#check, batch: this.#batch, number: this.#taken.length }
    this.#turn = afterBatch(this.context, this.config, batch)
    this.#batch = []
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
