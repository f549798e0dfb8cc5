import type { Plan } from '../plan/plan.ts'
import type { After, Step, StepId, Verb, When } from '../plan/step.ts'
import { semaphore } from '../util/semaphore.ts'
import type { RunEvent, StepInfo } from './event.ts'
import { type ExecuteOptions, type Fate, type Outcome, runStep, type Untimed, type Walk } from './run-step.ts'
import type { Perform, StepOutput } from './step-context.ts'

export type { ExecuteOptions, Outcome }

/**
 * Executes a plan: every step as soon as its dependencies allow, in parallel. Makes no decisions: it only evaluates
 * `after` and `when`. Never throws; failures are in the outcome and in the events. After an abort of the signal no step
 * is started but those that undo something; running steps see the signal.
 */
export async function execute<A>(plan: Plan<A>, perform: Perform<A>, options: ExecuteOptions): Promise<Outcome> {
  const walk = startWalk(plan, perform, options)
  walk.emit({
    type: 'plan',
    stack: plan.stack,
    steps: plan.steps.map(infoOf),
    unchanged: plan.unchanged,
    notes: plan.notes,
  })
  for (const step of plan.steps) walk.fates.set(step.id, settle(walk, step))
  const outcome = summarize(await Promise.all(walk.fates.values()))
  const { problems, ...counts } = outcome
  walk.emit({ type: 'end', ...counts, ...(options.again?.(outcome) && { again: true }) })
  return { ...counts, problems }
}

function startWalk<A>(plan: Plan<A>, perform: Perform<A>, options: ExecuteOptions): Walk<A> {
  const began = options.clock.now()
  const emit = (event: Untimed) => options.emit({ ...event, at: Math.round(options.clock.now() - began) } as RunEvent)
  const slots = options.parallel === undefined ? undefined : semaphore(options.parallel)
  return { plan, perform, options, fates: new Map(), outputs: new Map(), failures: new Set(), slots, emit }
}

/** Steps depend on earlier ones only, so the fates to wait for already exist. */
async function settle<A>(walk: Walk<A>, step: Step<A>): Promise<Fate> {
  const verdict = await whetherToRun(walk, step)
  if (verdict !== 'run') {
    const reason = verdict.kind === 'unneeded' ? 'unneeded' : walk.options.signal.aborted ? 'interrupted' : 'upstream'
    const cause = verdict.kind === 'skipped' ? { cause: verdict.cause } : {}
    if (verdict.kind === 'skipped') walk.failures.add(step.id)
    walk.emit({ type: 'step-skip', step: step.id, reason, ...cause })
    return verdict
  }
  return walk.slots && !WAITS.has(step.verb) ? walk.slots.run(() => runUnlessAborted(walk, step)) : runStep(walk, step)
}

/** A step's dependencies may need the slot that it would hold, so waiting steps take none. */
const WAITS: ReadonlySet<Verb> = new Set(['wait', 'check', 'attach', 'run'])

/** Checks again for an abort: the step may have queued for some time. */
async function runUnlessAborted<A>(walk: Walk<A>, step: Step<A>): Promise<Fate> {
  const undoes = step.after.some(({ on }) => on === 'failure')
  if (!walk.options.signal.aborted || undoes) return runStep(walk, step)
  walk.failures.add(step.id)
  walk.emit({ type: 'step-skip', step: step.id, reason: 'interrupted', cause: step.id })
  return { kind: 'skipped', cause: step.id }
}

/**
 * Waits for the dependencies of a step. If one failed the step is skipped; if its condition is false it is not needed.
 */
async function whetherToRun<A>(
  walk: Walk<A>,
  step: Step<A>,
): Promise<'run' | (Fate & { kind: 'unneeded' | 'skipped' })> {
  const fates = await Promise.all(step.after.map(async (after) => [after, await fateOf(walk, after)] as const))
  const failures = fates.filter(([after]) => after.on === 'failure')
  const undoing = failures.some(([, fate]) => didNotHappen(fate))
  if (failures.length > 0 && !undoing) return { kind: 'unneeded' }
  for (const [after, fate] of fates) {
    if (after.on !== 'success') continue
    if (fate.kind === 'failed') return { kind: 'skipped', cause: after.step }
    if (fate.kind === 'skipped') return fate
  }
  // An interrupt starts nothing new, but still undoes what was started.
  if (walk.options.signal.aborted && !undoing) return { kind: 'skipped', cause: step.id }
  return step.when && !holds(step.when, walk.outputs) ? { kind: 'unneeded' } : 'run'
}

function didNotHappen(fate: Fate): boolean {
  return fate.kind === 'failed' || fate.kind === 'skipped'
}

async function fateOf<A>(walk: Walk<A>, after: After): Promise<Fate> {
  return (await walk.fates.get(after.step)) ?? { kind: 'unneeded' }
}

function holds(when: When, outputs: Map<StepId, StepOutput>): boolean {
  const found = outputs.get(when.output)?.[when.field]
  return 'differs' in when ? found !== when.differs : found === when.equals
}

function infoOf<A>(step: Step<A>): StepInfo {
  const { id, subject, group = subject, verb, cause, changes, awaits, phase, service } = step
  const after = step.after.map((each) => each.step)
  return {
    ...{ id, subject, group, verb, cause, after },
    ...(changes && { changes }),
    ...(awaits && { awaits }),
    ...(phase && { phase }),
    ...(service !== undefined && { service }),
  }
}

function summarize(fates: Fate[]): Outcome {
  const count = (kind: Fate['kind']) => fates.filter((fate) => fate.kind === kind).length
  const problems = fates.flatMap((fate) => (fate.kind === 'failed' && !fate.optional ? [fate.problem] : []))
  const skipped = count('skipped')
  return { ok: problems.length === 0 && skipped === 0, done: count('done'), failed: problems.length, skipped, problems }
}
