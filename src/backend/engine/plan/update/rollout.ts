import type { After, StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { serviceAddress } from '../../../../stack/address.ts'
import { milliseconds } from '../../../../stack/units.ts'
import { serviceIn } from '../context.ts'
import { waitIds } from '../steps.ts'
import type { PlannedReplica, Rollout, UpContext } from '../types.ts'
import { addFailureRatioCheck, toleratedFailures } from './failure-ratio.ts'
import { rollbackBatches } from './rollback-batches.ts'
import { mayStartFirst } from './start-first.ts'

/** Assigns a service's replicas to batches of `parallelism`, with `delay` between them. */
export interface UpdateBatches {
  next(): Rollout
  /** Records the planned replica; one that is not replaced does not count. */
  add(replica: PlannedReplica): void
}

/** @returns undefined for a service without `update_config`: then all replicas are replaced at once */
export function updateBatches(context: UpContext, name: string): UpdateBatches | undefined {
  const service = serviceIn(context, name)
  const config = service.deploy?.update_config
  if (!config) return undefined
  const parallelism = config.parallelism ?? 1
  const common = {
    startFirst: config.order === 'start-first' && mayStartFirst(context, name, 'update_config'),
    monitorMs: config.monitor ? milliseconds(config.monitor) : 0,
  }
  const back = config.failure_action === 'rollback' ? rollbackBatches(context, name) : undefined
  let turn: After[] = []
  let batch: PlannedReplica[] = []
  let batches = 0
  const endBatch = () => {
    turn = afterBatch(context, name, { batch, number: ++batches, turn })
    batch = []
  }
  return {
    next() {
      if (parallelism > 0 && batch.length >= parallelism) endBatch()
      return { ...common, turn, ...(back && { unit: back.next() }) }
    },
    add(replica) {
      if (!replica.replaced) return
      batch.push(replica)
      back?.add(replica.slot, turn)
    },
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
  const action = { kind: 'pause', ms: delay } as const
  const id = stepIds.delay(serviceAddress(name), number)
  const step = context.builder.add({
    id,
    subject: serviceAddress(name),
    verb: 'wait',
    cause: 'delay between updates',
    after: judged,
    action,
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
