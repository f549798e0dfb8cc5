import type { Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { Emit, RunEvent } from '../../../execute/event.ts'
import type { Verb } from '../../../plan/step.ts'
import { type Address, kindOf } from '../../../stack/address.ts'

/** The outcome of the one-off container's own steps. */
export interface Watched {
  filter(emit: Emit): Emit
  /** Whether the container was started. */
  started(): boolean
  /** Why the container was not started, if one of its own steps failed. */
  problem(): Diagnostic | undefined
}

/**
 * Shows progress for the dependencies of a one-off container. Shows nothing about the container itself unless it fails: the user
 * waits for its output. With `quiet`, only failures are shown.
 * @param tell receives messages about the project if no progress is shown
 */
export function watchOneOff(quiet: boolean, tell: (notes: Diagnostic[]) => void): Watched {
  let started = false
  let problem: Diagnostic | undefined
  const own = new Map<string, Verb>()
  const note = (event: RunEvent) => {
    if (event.type === 'plan') for (const step of event.steps) if (isOneOff(step.group)) own.set(step.id, step.verb)
    if (event.type === 'step-done' && own.get(event.step) === 'start') started = true
    if (event.type === 'step-fail' && own.has(event.step)) problem ??= event.problem
  }
  // The removal of a container that failed to start is not worth mentioning.
  const isUntold = (event: RunEvent) =>
    'step' in event && (own.get(event.step) === 'remove' || (event.type === 'step-skip' && own.has(event.step)))
  return {
    filter: (emit) => {
      const silently = silent(emit, quiet, tell)
      return (event) => {
        note(event)
        if (!isUntold(event)) silently(event)
      }
    },
    started: () => started,
    problem: () => problem,
  }
}

function isOneOff(address: Address): boolean {
  return kindOf(address) === 'oneoff'
}

/** Events that are shown even without progress; with `quiet`, only failures. */
const TELLING: ReadonlySet<RunEvent['type']> = new Set(['step-fail', 'step-warning', 'step-output'])
const FAILING: ReadonlySet<RunEvent['type']> = new Set(['step-fail'])

/** Holds events back until one needs to be shown; then emits all of them. */
function silent(emit: Emit, quiet: boolean, tell: (notes: Diagnostic[]) => void): Emit {
  let kept: RunEvent[] = []
  let hold = true
  return (event) => {
    let shown = event.type === 'plan' ? concise(event) : event
    if (shown.type === 'plan') {
      hold = quiet || shown.steps.every((step) => isOneOff(step.group))
      if (hold && !quiet) tell(shown.notes)
      if (hold) shown = { ...shown, notes: [] }
    }
    if ((quiet ? FAILING : TELLING).has(shown.type)) hold = false
    kept.push(shown)
    if (hold) return
    for (const each of kept) emit(each)
    kept = []
  }
}

/** Hides the removal of earlier containers, which the user did not ask about. */
function concise(event: RunEvent & { type: 'plan' }): RunEvent & { type: 'plan' } {
  const steps = event.steps.filter(({ group, verb }) => !(isOneOff(group) && verb === 'remove'))
  return { ...event, steps }
}
