import type { Emit, RunEvent } from '../../../execute/event.ts'
import type { Verb } from '../../../plan/step.ts'
import { type Address, kindOf, serviceOf } from '../../../stack/address.ts'

const MOVES: ReadonlySet<Verb> = new Set(['create', 'start', 'stop', 'kill', 'remove'])

/** The containers that a command has created and started so far, by address; a replacement has the address of the container that it replaces. */
export class StartedContainers {
  readonly #created = new Set<string>()
  readonly #started = new Set<Address>()
  #steps = new Map<string, { verb: Verb; address: Address }>()

  /** Records a created container. */
  create(id: string): void {
    this.#created.add(id)
  }

  /** Whether this command created the container. */
  hasCreated(id: string): boolean {
    return this.#created.has(id)
  }

  hasStarted(address: Address): boolean {
    return this.#started.has(address)
  }

  /** Whether this command leaves the container running: it does not stop or replace it, or has started it since. */
  isHereToStay({ id, address }: { id: string; address: Address }): boolean {
    const verbs = [...this.#steps.values()].filter((step) => step.address === address).map(({ verb }) => verb)
    if (this.hasCreated(id) || !verbs.some((verb) => MOVES.has(verb))) return true
    return !verbs.includes('create') && this.hasStarted(address)
  }

  get containers(): Address[] {
    return [...this.#started].filter((address) => kindOf(address) === 'container').sort()
  }

  get services(): string[] {
    return [...new Set([...this.#started].flatMap((address) => serviceOf(address) ?? []))].sort()
  }

  /** Listens to a run's events on their way to the view. */
  listen(emit: Emit): Emit {
    return (event) => {
      this.#note(event)
      emit(event)
    }
  }

  /** Counts starts as soon as they begin: a start that is interrupted may still succeed. */
  #note(event: RunEvent): void {
    if (event.type === 'plan')
      this.#steps = new Map(event.steps.map(({ id, verb, group }) => [id, { verb, address: group }]))
    if (event.type !== 'step-start') return
    const { verb, address } = this.#steps.get(event.step) ?? {}
    if (verb === 'start' && address) this.#started.add(address)
  }
}
