import { error } from '../../../diagnostics/diagnostic.ts'
import type { Emit, RunEvent, StepInfo } from '../../../execute/event.ts'
import type { Clock } from '../../../execute/step-context.ts'
import { doingText, titleOf } from '../../../view/progress/words.ts'

/** The unfinished steps of a run, for a user who no longer waits for them. */
export class RunningSteps {
  #steps = new Map<string, StepInfo>()
  /** The start time of each unfinished step. */
  readonly #open = new Map<string, number>()
  #began = 0
  #done = 0
  #emit: Emit | undefined

  constructor(private readonly clock: Clock) {}

  /** Listens to a run's events on their way to the view. */
  listen(emit: Emit): Emit {
    this.#emit = emit
    return (event) => {
      this.#note(event)
      this.#emit?.(event)
    }
  }

  /**
   * Detaches from the run: its view gets an end event, and nothing after that.
   * @returns a sentence about each unfinished step
   */
  leave(): string[] {
    const at = Math.round(this.clock.now() - this.#began)
    const interrupted = error('interrupted', 'interrupted')
    const open = [...this.#open]
    const emit = this.#emit
    this.#emit = undefined
    for (const [step, began] of open) emit?.({ type: 'step-fail', at, step, ms: at - began, problem: interrupted })
    if (this.#steps.size > 0) emit?.({ type: 'end', at, ok: false, done: this.#done, failed: open.length, skipped: 0 })
    return open
      .flatMap(([id]) => this.#steps.get(id) ?? [])
      .map((step) => `${titleOf(step.group)} (${doingText(step)})`)
  }

  #note(event: RunEvent): void {
    if (event.type === 'plan') this.#begin(event)
    if (event.type === 'step-start') this.#open.set(event.step, event.at)
    if (event.type === 'step-done' || event.type === 'step-fail') this.#open.delete(event.step)
    if (event.type === 'step-done') this.#done++
    if (event.type === 'end') this.#steps.clear()
  }

  #begin({ steps, at }: Extract<RunEvent, { type: 'plan' }>): void {
    this.#steps = new Map(steps.map((step) => [step.id, step]))
    this.#open.clear()
    this.#began = this.clock.now() - at
    this.#done = 0
  }
}
