import { BackendError, isAway } from '../diagnostics/backend-error.ts'
import { StackError } from '../diagnostics/checked.ts'
import { type Diagnostic, error } from '../diagnostics/diagnostic.ts'
import { foreign } from '../diagnostics/foreign.ts'
import type { Plan } from '../plan/plan.ts'
import type { Step, StepId } from '../plan/step.ts'
import type { Semaphore } from '../util/semaphore.ts'
import type { Emit, RunEvent } from './event.ts'
import { type Clock, type Perform, type StepContext, StepFailure, type StepOutput } from './step-context.ts'

export interface ExecuteOptions {
  signal: AbortSignal
  clock: Clock
  emit: Emit
  /** The maximum number of concurrent steps, not counting waits; unlimited if absent. */
  parallel?: number | undefined
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
export type Fate =
  | { kind: 'done'; output: StepOutput }
  | { kind: 'unneeded' }
  | { kind: 'failed'; problem: Diagnostic; optional: boolean }
  | { kind: 'skipped'; cause: StepId }

/** An event without its time, which `emit` adds. */
export type Untimed = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'at'> : never) : never

/** A plan in execution. */
export interface Walk<A> {
  plan: Plan<A>
  perform: Perform<A>
  options: ExecuteOptions
  fates: Map<StepId, Promise<Fate>>
  outputs: Map<StepId, StepOutput>
  failures: Set<StepId>
  slots: Semaphore | undefined
  emit(event: Untimed): void
}

/** Runs a step that is ready, and reports it. */
export async function runStep<A>(walk: Walk<A>, step: Step<A>): Promise<Fate> {
  const { clock } = walk.options
  const began = clock.now()
  walk.emit({ type: 'step-start', step: step.id })
  try {
    const output = await walk.perform(step.action, contextOf(walk, step.id))
    walk.outputs.set(step.id, output)
    walk.emit({ type: 'step-done', step: step.id, ms: Math.round(clock.now() - began) })
    return { kind: 'done', output }
  } catch (thrown) {
    // If the engine went away, every call fails, so even an optional step counts as failed.
    const optional = step.optional === true && !isAway(thrown)
    const found = problemOf(thrown, walk.options.signal)
    const problem = optional ? { ...found, severity: 'warning' as const } : found
    walk.failures.add(step.id)
    const report = thrown instanceof StepFailure && thrown.report ? { dossier: thrown.report } : {}
    walk.emit({ type: 'step-fail', step: step.id, ms: Math.round(clock.now() - began), problem, ...report })
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
    progress: (text, done, total, running) =>
      walk.emit({
        type: 'step-progress',
        step,
        text,
        ...(done !== undefined && { done }),
        ...(total !== undefined && { total }),
        ...(running && { running: [...running] }),
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
