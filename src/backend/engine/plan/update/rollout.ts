import type { After, StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { serviceAddress } from '../../../../stack/address.ts'
import type { UpdateConfig } from '../../../../stack/model.ts'
import { milliseconds } from '../../../../stack/units.ts'
import { serviceIn } from '../context.ts'
import { waitIds } from '../steps.ts'
import type { PlannedReplica, Rollout, UpContext } from '../types.ts'
import { addFailureRatioCheck, toleratedFailures } from './failure-ratio.ts'
import { type RollbackBatches, rollbackBatches } from './rollback-batches.ts'
import { mayStartFirst } from './start-first.ts'

/** @returns undefined for a service without `update_config`: then all replicas are replaced at once */
export function updateBatches(context: UpContext, name: string): UpdateBatches | undefined {
  const config = serviceIn(context, name).deploy?.update_config
  return config && new UpdateBatches(context, name, config)
}

/** Assigns a service's replicas to batches of `parallelism`, with `delay` between them. */
class UpdateBatches {
  readonly #common: Pick<Rollout, 'startFirst' | 'monitorMs'>
  readonly #back: RollbackBatches | undefined
  #turn: After[] = []
  #batch: PlannedReplica[] = []
  #number = 0

  constructor(
    private readonly context: UpContext,
    private readonly name: string,
    private readonly config: UpdateConfig,
  ) {
    const startFirst = config.order === 'start-first' && mayStartFirst(context, name, 'update_config')
    this.#common = { startFirst, monitorMs: config.monitor ? milliseconds(config.monitor) : 0 }
    this.#back = config.failure_action === 'rollback' ? rollbackBatches(context, name) : undefined
  }

  next(): Rollout {
    const { parallelism = 1 } = this.config
    if (parallelism > 0 && this.#batch.length >= parallelism) this.#endBatch()
    return { ...this.#common, turn: this.#turn, ...(this.#back && { unit: this.#back.next() }) }
  }

  /** Records the planned replica; one that is not replaced does not count. */
  add(replica: PlannedReplica): void {
    if (!replica.replaced) return
    this.#batch.push(replica)
    this.#back?.add(replica.slot, this.#turn)
  }

  #endBatch(): void {
    const batch = { batch: this.#batch, number: ++this.#number, turn: this.#turn }
    this.#turn = afterBatch(this.context, this.name, batch)
    this.#batch = []
  }
}

interface Batch {
  batch: PlannedReplica[]
  /** From 1. */
  number: number
  /** The edges of the batch itself. */
  turn: After[]
}

/**
 * The edges of the next batch: the success of this one, and the delay; with `failure_action: continue` also its
 * failure.
 */
function afterBatch(context: UpContext, name: string, { batch, number, turn }: Batch): After[] {
  const config = serviceIn(context, name).deploy?.update_config ?? {}
  const proven = batch.flatMap(({ slot, started }) => [...started, ...waitIds(slot)])
  const judged = afterProof(context, name, proven, { id: stepIds.judge(serviceAddress(name), number), turn })
  const delay = config.delay ? milliseconds(config.delay) : 0
  if (delay === 0) return judged
  const step = context.builder.add({
    id: stepIds.delay(serviceAddress(name), number),
    subject: serviceAddress(name),
    verb: 'wait',
    cause: 'delay between updates',
    after: judged,
    action: { kind: 'pause', ms: delay },
  })
  return [{ step, on: 'success' }]
}

/** Edges from the proving steps, by `failure_action` and `max_failure_ratio`. */
function afterProof(
  context: UpContext,
  name: string,
  proven: StepId[],
  { id, turn }: { id: StepId; turn: After[] },
): After[] {
  const { failure_action } = serviceIn(context, name).deploy?.update_config ?? {}
  if (failure_action === 'continue') return proven.map((step) => ({ step, on: 'settled' }))
  if (toleratedFailures(context, name) === 0) return proven.map((step) => ({ step, on: 'success' }))
  return [{ step: addFailureRatioCheck(context, name, proven, { id, turn }), on: 'success' }]
}
