import type { Value } from './value.ts'

/** The variables of a block and of its enclosing blocks. `$` is the template's data. */
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

  /** Assigns to a variable; returns false if it does not exist. */
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
