import { BackendError, isAway } from '../diagnostics/backend-error.ts'
import { StackError } from '../diagnostics/checked.ts'
import { type Diagnostic, error } from '../diagnostics/diagnostic.ts'
import { foreign } from '../diagnostics/foreign.ts'
import type { Plan } from '../plan/plan.ts'
import type { After, Step, StepId, When } from '../plan/step.ts'
import type { Emit, RunEvent, StepInfo } from './event.ts'
import { type Clock, type Perform, type StepContext, StepFailure, type StepOutput } from './step-context.ts'

export interface ExecuteOptions {
  signal: AbortSignal
  clock: Clock
  emit: Emit
  /** Whether the caller observes and plans again after such an outcome; by default never. */
  again?(outcome: Outcome): boolean
}

export interface Outcome {
  ok: boolean
  done: number
  failed: number
  skipped: number
  problems: Diagnostic[]
}

/** The result of a step. `unneeded` counts as success for dependent steps. */
type Fate =
  | { kind: 'done'; output: StepOutput }
  | { kind: 'unneeded' }
  | { kind: 'failed'; problem: Diagnostic; optional: boolean }
  | { kind: 'skipped'; cause: StepId }

/** An event without its time, which `emit` adds. */
type Untimed = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'at'> : never) : never

interface Walk<A> {
  plan: Plan<A>
  perform: Perform<A>
  options: ExecuteOptions
  fates: Map<StepId, Promise<Fate>>
  outputs: Map<StepId, StepOutput>
  failures: Set<StepId>
  emit(event: Untimed): void
}

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
  return { plan, perform, options, fates: new Map(), outputs: new Map(), failures: new Set(), emit }
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
  return run(walk, step)
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

async function run<A>(walk: Walk<A>, step: Step<A>): Promise<Fate> {
  const { clock } = walk.options
  const began = clock.now()
  walk.emit({ type: 'step-start', step: step.id })
  try {
    const output = await walk.perform(step.action, contextOf(walk, step.id))
    walk.outputs.set(step.id, output)
    walk.emit({ type: 'step-done', step: step.id, ms: Math.round(clock.now() - began) })
    return { kind: 'done', output }
  } catch (thrown) {
    const optional = step.optional ?? false
    const found = problemOf(thrown, walk.options.signal)
    const problem = optional ? { ...found, severity: 'warning' as const } : found
    walk.failures.add(step.id)
    const dossier = thrown instanceof StepFailure && thrown.report ? { dossier: thrown.report } : {}
    walk.emit({ type: 'step-fail', step: step.id, ms: Math.round(clock.now() - began), problem, ...dossier })
    return { kind: 'failed', problem, optional }
  }
}

function contextOf<A>(walk: Walk<A>, step: StepId): StepContext {
  return {
    signal: walk.options.signal,
    clock: walk.options.clock,
    outputOf: (other) => walk.outputs.get(other) ?? {},
    hasFailed: (other) => walk.failures.has(other),
    print: (stream, lines) => walk.emit({ type: 'step-output', step, stream, lines }),
    warn: (problem) => walk.emit({ type: 'step-warning', step, problem }),
    progress: (text, done, total) =>
      walk.emit({
        type: 'step-progress',
        step,
        text,
        ...(done !== undefined && { done }),
        ...(total !== undefined && { total }),
      }),
  }
}

function problemOf(thrown: unknown, signal: AbortSignal): Diagnostic {
  if (thrown instanceof StepFailure) return thrown.problem
  const isAborted = signal.aborted && thrown instanceof BackendError && !isAway(thrown)
  if (thrown instanceof StackError && thrown.diagnostics[0] && !isAborted) return thrown.diagnostics[0]
  if (signal.aborted) return error('interrupted', 'interrupted')
  return error('engine-error', foreign((thrown instanceof Error && thrown.message) || String(thrown)))
}

function infoOf<A>(step: Step<A>): StepInfo {
  const { id, subject, verb, cause, changes, phase, service } = step
  const after = step.after.map((each) => each.step)
  return {
    id,
    subject,
    group: step.group ?? subject,
    verb,
    cause,
    after,
    ...(changes && { changes }),
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
