import type { Value } from './value.ts'

/** Variables of a block, and of those around it. `$` is what the template was given. */
export class Scope {
  readonly #own = new Map<string, Value>()

  constructor(
    data: Value,
    private readonly outer?: Scope,
  ) {
    if (!outer) this.#own.set('$', data)
  }

  inner(): Scope {
    return new Scope(undefined, this)
  }

  declare(name: string, value: Value): void {
    this.#own.set(name, value)
  }

  /** Whether there is such a variable. */
  assign(name: string, value: Value): boolean {
    if (this.#own.has(name)) this.#own.set(name, value)
    else return this.outer?.assign(name, value) ?? false
    return true
  }

  has(name: string): boolean {
    return this.#own.has(name) || (this.outer?.has(name) ?? false)
  }

  get(name: string): Value {
    return this.#own.has(name) ? this.#own.get(name) : this.outer?.get(name)
  }
}
