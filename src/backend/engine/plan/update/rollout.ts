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

/** Hands out the turns of a service's replicas, in batches of `parallelism`, with `delay` between them. */
export interface UpdateBatches {
  next(): Rollout
  /** Told what was planned for a replica; one that is not replaced takes no turn. */
  add(replica: PlannedReplica): void
}

/** @returns undefined for a service that does not say how it is updated: then all its replicas are replaced at once */
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
  /** What it came after itself. */
  turn: After[]
}

/** The next batch comes after this one has proved itself, and after the delay; a failure lets it come only if the update goes on anyway. */
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

/** `max_failure_ratio`: so many of the service's replicas may fail before the update stops; with `continue` it never does. */
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
