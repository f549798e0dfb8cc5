import { TemplateFault } from './fault.ts'
import { literalOf } from './literal.ts'
import type { Command, Operand, Pipe } from './node.ts'
import type { Token } from './token.ts'

const KEYWORDS = new Set('if with range else end break continue define template block'.split(' '))
const MOST_NESTED = 100

/** Parses the tokens between `{{` and `}}`. */
export class PipeParser {
  #at = 0
  #depth = 0

  constructor(
    private readonly tokens: readonly Token[],
    private readonly functions: ReadonlySet<string>,
    private readonly end: number,
  ) {}

  next(): Token | undefined {
    return this.tokens[this.#at++]
  }

  /** Consumes a keyword if one is next. */
  word(): Token | undefined {
    this.#space()
    const token = this.tokens[this.#at]
    if (token?.kind !== 'word' || !KEYWORDS.has(token.text)) return undefined
    this.#at++
    return token
  }

  close(): void {
    this.#space()
    const token = this.next()
    if (token?.kind !== 'close') throw this.#unexpected(token)
  }

  /** Parses up to a closing delimiter or parenthesis, and consumes that. `most`: the maximum number of declared variables. */
  pipe(until: 'close' | ')', most: number): Pipe {
    if (++this.#depth > MOST_NESTED) throw new TemplateFault('too many parentheses', this.#here())
    const at = this.#here()
    const { variables, assigns } = this.#declared(most)
    const commands: Command[] = []
    do commands.push(this.#command())
    while (this.#taken('|'))
    this.#space()
    const token = this.next()
    const ends = until === 'close' ? token?.kind === 'close' : token?.text === ')'
    if (!ends)
      throw token?.kind === 'close' ? new TemplateFault('a parenthesis is not closed', at) : this.#unexpected(token)
    this.#depth--
    return { variables, assigns, commands, at }
  }

  /** `$x :=`, `$x =`, `$i, $x :=`; a variable alone is an operand. */
  #declared(most: number): { variables: string[]; assigns: boolean } {
    const start = this.#at
    const variables: string[] = []
    do {
      this.#space()
      const token = this.next()
      if (token?.kind !== 'variable') break
      variables.push(token.text)
    } while (variables.length < most && this.#taken(','))
    this.#space()
    const sign = variables.length > 0 ? this.tokens[this.#at]?.text : undefined
    if (sign === ':=' || sign === '=') {
      this.#at++
      return { variables, assigns: sign === '=' }
    }
    this.#at = start
    return { variables: [], assigns: false }
  }

  #command(): Command {
    const operands: Operand[] = []
    for (;;) {
      const spaced = this.#space()
      const token = this.tokens[this.#at]
      if (!token || token.kind === 'close' || token.text === '|' || token.text === ')') break
      if (operands.length > 0 && !spaced) throw this.#unexpected(token)
      operands.push(this.#operand())
    }
    const [first] = operands
    if (!first) throw new TemplateFault('a value is missing', this.#here())
    if (first.kind === 'literal' && operands.length > 1)
      throw new TemplateFault(`${first.text} is not a function`, first.at, 'a function goes before its arguments')
    return operands
  }

  #operand(): Operand {
    const token = this.next() as Token
    const { at, text } = token
    const names = () => this.#names()
    if (token.kind === 'field') return { kind: 'chain', from: 'dot', names: [text.slice(1), ...names()], at, text }
    if (token.kind === 'variable') {
      const rest = names()
      if (rest.length === 0) return { kind: 'variable', name: text, at, text }
      return { kind: 'chain', from: { variable: text }, names: rest, at, text }
    }
    if (text === '(' && token.kind === 'sign') {
      const pipe = this.pipe(')', 0)
      const rest = names()
      return rest.length === 0
        ? { kind: 'pipe', pipe, at, text }
        : { kind: 'chain', from: { pipe }, names: rest, at, text }
    }
    return this.#simple(token)
  }

  #simple(token: Token): Operand {
    const { kind, at, text } = token
    if (kind === 'string' || kind === 'char' || kind === 'number')
      return { kind: 'literal', value: literalOf(token), at, text }
    if (text === '.') return { kind: 'dot', at, text }
    if (kind !== 'word') throw this.#unexpected(token)
    if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true', at, text }
    if (text === 'nil') return { kind: 'nil', at, text }
    if (this.functions.has(text)) return { kind: 'function', name: text, at, text }
    const hint = KEYWORDS.has(text)
      ? undefined
      : `functions are ${[...this.functions].sort().join(', ')}; a field starts with a dot: .${text}`
    throw new TemplateFault(`there is no function "${text}"`, at, hint)
  }

  /** Field names that follow without a space. */
  #names(): string[] {
    const names: string[] = []
    while (this.tokens[this.#at]?.kind === 'field') names.push((this.next()?.text ?? '').slice(1))
    return names
  }

  #taken(sign: string): boolean {
    this.#space()
    if (this.tokens[this.#at]?.text !== sign || this.tokens[this.#at]?.kind !== 'sign') return false
    this.#at++
    return true
  }

  #space(): boolean {
    if (this.tokens[this.#at]?.kind !== 'space') return false
    this.#at++
    return true
  }

  #here(): number {
    return this.tokens[this.#at]?.at ?? this.end
  }

  #unexpected(token: Token | undefined): TemplateFault {
    if (!token || token.kind === 'close') return new TemplateFault('the action ends too early', token?.at ?? this.end)
    return new TemplateFault(`"${token.text.trim() || ' '}" cannot stand here`, token.at)
  }
}
