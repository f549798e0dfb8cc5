import { affectedBy } from '../../guard/dependents.ts'
import { driftIn } from '../../guard/plan-filter.ts'
import { keyOf, type Trouble, type View } from '../../guard/problem.ts'
import { upOf } from '../../guard/repair.ts'
import { wants } from '../../project/desired-state.ts'
import { replicasOf } from '../../stack/names.ts'
import { type Charge, planned } from './guarded-stack.ts'

/** Tells what an `up` would change, once for each change of that; nothing is done about it. */
export class Drift {
  readonly #declared: ReadonlySet<string>
  #told: readonly string[] = []
  #isDue = true
  /** When it was told last, some was left out. */
  #isPartial = false

  constructor(charge: Charge) {
    this.#declared = new Set(Object.keys(charge.loaded.stack.services))
  }

  /** Something has changed that it may come from. */
  due(): void {
    this.#isDue = true
  }

  /** Of what is in trouble, and of what goes along with that, nothing: an `up` would see to it, and so will the guard. */
  async tell(
    charge: Charge,
    view: View,
    troubles: readonly Trouble[],
    signal: AbortSignal,
    say: (text: string) => void,
  ): Promise<void> {
    const isPartial = troubles.length > 0
    if (!this.#isDue && (isPartial || !this.#isPartial)) return
    this.#isDue = false
    this.#isPartial = isPartial
    const drift = await this.#find(charge, view, troubles, signal)
    if (isPartial) this.#tellMore(drift, say)
    else this.#tellAll(drift, say)
  }

  async #find(charge: Charge, view: View, troubles: readonly Trouble[], signal: AbortSignal): Promise<string[]> {
    const plan = await planned(charge, { ...upOf(view, view.services), noRecreate: false }, signal)
    const passedOver = new Set([...troubles.map(keyOf), ...view.done])
    const affected = new Set(affectedBy(view.stack, new Set(troubles.map(({ service }) => service))))
    return driftIn(plan, (place) => {
      if (passedOver.has(keyOf(place)) || affected.has(place.service)) return false
      // Of a service that nobody ever asked for, only that it is a new one.
      const wanted = wants(view.will, place, replicasOf(view.stack.services[place.service] ?? {}))
      return wanted ?? !this.#declared.has(place.service)
    })
  }

  #tellAll(drift: readonly string[], say: (text: string) => void): void {
    if (drift.join('\n') === this.#told.join('\n')) return
    this.#told = drift
    if (drift.length === 0) say('everything is as declared again')
    for (const line of drift) say(`drift: ${line}`)
  }

  /** That something was left out does not make it less. */
  #tellMore(drift: readonly string[], say: (text: string) => void): void {
    const more = drift.filter((line) => !this.#told.includes(line))
    this.#told = [...this.#told, ...more].sort()
    for (const line of more) say(`drift: ${line}`)
  }
}
