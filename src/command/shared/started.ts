import type { Emit, RunEvent } from '../../run/event.ts'
import { type Address, kindOf, serviceOf } from '../../stack/address.ts'

/** What a command has created and started so far, by address; a container's steps all go by its own, a replacement's too. */
export class Started {
  readonly #created = new Set<Address>()
  readonly #started = new Set<Address>()
  #steps = new Map<string, { verb: string; address: Address }>()

  /** Whether the container is one that this command made. */
  hasCreated(address: string): boolean {
    return this.#created.has(address as Address)
  }

  hasStarted(address: string): boolean {
    return this.#started.has(address as Address)
  }

  get containers(): Address[] {
    return [...this.#started].filter((address) => kindOf(address) === 'container').sort()
  }

  get services(): string[] {
    return [...new Set([...this.#started].flatMap((address) => serviceOf(address) ?? []))].sort()
  }

  /** Listens to a run, on its way to the view. */
  listen(emit: Emit): Emit {
    return (event) => {
      this.#note(event)
      emit(event)
    }
  }

  /** A start that is under way when all is interrupted may come through. */
  #note(event: RunEvent): void {
    if (event.type === 'plan')
      this.#steps = new Map(event.steps.map(({ id, verb, group }) => [id, { verb, address: group }]))
    if (event.type !== 'step-start') return
    const { verb, address } = this.#steps.get(event.step) ?? {}
    if (verb === 'create' && address) this.#created.add(address)
    if (verb === 'start' && address) this.#started.add(address)
  }
}
