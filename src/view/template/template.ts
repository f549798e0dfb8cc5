import { StackError } from '../../diagnostics/checked.ts'
import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import { type Evaluation, evaluate } from './evaluate.ts'
import { TemplateFault } from './fault.ts'
import { FUNCTIONS, HEADING_FUNCTIONS } from './functions.ts'
import type { Node } from './node.ts'
import { parseTemplate } from './parse.ts'
import type { Value } from './value.ts'

const NAMES: ReadonlySet<string> = new Set(FUNCTIONS.keys())

/** A template of Go's text/template with docker's functions. Problems are StackErrors that give the column in a flag's text. */
export class Template {
  readonly #nodes: Node[]

  /** `offset`: the position of the source in the flag's text. */
  constructor(
    source: string,
    private readonly flag: string,
    private readonly offset = 0,
  ) {
    this.#nodes = this.#reported(() => parseTemplate(source, NAMES))
  }

  text(data: Value): string {
    return this.#reported(() => evaluate(this.#nodes, { functions: FUNCTIONS, data }))
  }

  /** The headings of a table: evaluated up to the first part that has none. */
  heading(data: Value): string {
    const written: string[] = []
    const evaluation: Evaluation = { functions: HEADING_FUNCTIONS, data }
    try {
      return evaluate(this.#nodes, evaluation, written)
    } catch (thrown) {
      if (thrown instanceof TemplateFault) return written.join('')
      throw thrown
    }
  }

  #reported<T>(work: () => T): T {
    try {
      return work()
    } catch (thrown) {
      if (thrown instanceof TemplateFault) throw new StackError([this.#problem(thrown)])
      throw thrown
    }
  }

  #problem({ message, at, hint }: TemplateFault): Diagnostic {
    return error(
      'usage',
      `${this.flag}, column ${this.offset + at + 1}: ${message}`,
      hint === undefined ? {} : { hint },
    )
  }
}
