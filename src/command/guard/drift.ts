import { upOf } from '../../guard/batch.ts'
import { driftIn } from '../../guard/part.ts'
import { keyOf, type Trouble, type View } from '../../guard/trouble.ts'
import { wants } from '../../guard/will.ts'
import { replicasOf } from '../../stack/names.ts'
import { type Charge, planned } from './charge.ts'

/** Tells what an `up` would change, once for each change of that; nothing is done about it. */
export class Drift {
  readonly #declared: ReadonlySet<string>
  #told = ''
  #isDue = true

  constructor(charge: Charge) {
    this.#declared = new Set(Object.keys(charge.loaded.stack.services))
  }

  /** Something has changed that it may come from. */
  due(): void {
    this.#isDue = true
  }

  async tell(
    charge: Charge,
    view: View,
    troubles: readonly Trouble[],
    signal: AbortSignal,
    say: (text: string) => void,
  ): Promise<void> {
    if (!this.#isDue) return
    this.#isDue = false
    const plan = await planned(charge, { ...upOf(view, view.services), noRecreate: false }, signal)
    const passedOver = new Set([...troubles.map(keyOf), ...view.done])
    const drift = driftIn(plan, (place) => {
      const wanted = wants(view.will, place, replicasOf(view.stack.services[place.service] ?? {}))
      // Of a service that nobody ever asked for, only that it is a new one.
      return !passedOver.has(keyOf(place)) && (wanted ?? !this.#declared.has(place.service))
    })
    const text = drift.join('\n')
    if (text === this.#told) return
    this.#told = text
    if (drift.length === 0) say('everything is as declared again')
    for (const line of drift) say(`drift: ${line}`)
  }
}
