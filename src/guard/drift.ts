import { planIntent } from '../project/converge.ts'
import { isDesired } from '../project/state/desired-state.ts'
import { replicasOf } from '../stack/names.ts'
import { affectedBy } from './dependents.ts'
import type { GuardedStack } from './guarded-stack.ts'
import { driftIn } from './plan-filter.ts'
import { keyOf, type Problem, type Situation } from './problem.ts'
import { upOf } from './repair.ts'

/** Reports, once per difference, what an `up` would change; changes nothing itself. */
export class Drift {
  readonly #declared: ReadonlySet<string>
  #reported: readonly string[] = []
  #isDue = true
  /** Whether the last report was incomplete. */
  #isPartial = false

  constructor(guarded: GuardedStack) {
    this.#declared = new Set(Object.keys(guarded.loaded.stack.services))
  }

  /** Called after a change that may cause drift. */
  due(): void {
    this.#isDue = true
  }

  /** Excludes containers with a problem, and those that follow them: the guard repairs these anyway. */
  async report(
    guarded: GuardedStack,
    situation: Situation,
    problems: readonly Problem[],
    { signal, say }: { signal: AbortSignal; say(text: string): void },
  ): Promise<void> {
    const isPartial = problems.length > 0
    if (!this.#isDue && (isPartial || !this.#isPartial)) return
    this.#isDue = false
    this.#isPartial = isPartial
    const drift = await this.#find(guarded, situation, problems, signal)
    if (isPartial) this.#reportMore(drift, say)
    else this.#reportAll(drift, say)
  }

  async #find(
    guarded: GuardedStack,
    situation: Situation,
    problems: readonly Problem[],
    signal: AbortSignal,
  ): Promise<string[]> {
    const intent = { ...upOf(situation, situation.services), noRecreate: false }
    const { plan } = await planIntent(guarded.project, { declared: guarded.loaded, intent }, signal)
    const passedOver = new Set([...problems.map(keyOf), ...situation.done])
    const affected = new Set(affectedBy(situation.stack, new Set(problems.map(({ service }) => service))))
    return driftIn(plan, (slot) => {
      if (passedOver.has(keyOf(slot)) || affected.has(slot.service)) return false
      // A service that was never requested is only reported as new.
      const wanted = isDesired(situation.desired, slot, replicasOf(situation.stack.services[slot.service] ?? {}))
      return wanted ?? !this.#declared.has(slot.service)
    })
  }

  #reportAll(drift: readonly string[], say: (text: string) => void): void {
    if (drift.join('\n') === this.#reported.join('\n')) return
    this.#reported = drift
    if (drift.length === 0) say('everything is as declared again')
    for (const line of drift) say(`drift: ${line}`)
  }

  /** While a report is incomplete, an earlier difference that it lacks may still exist. */
  #reportMore(drift: readonly string[], say: (text: string) => void): void {
    const more = drift.filter((line) => !this.#reported.includes(line))
    this.#reported = [...this.#reported, ...more].sort()
    for (const line of more) say(`drift: ${line}`)
  }
}
