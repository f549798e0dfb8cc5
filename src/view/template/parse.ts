import { TemplateFault } from './fault.ts'
import type { Branch, Node, Pipe } from './node.ts'
import { PipeParser } from './parse-pipe.ts'
import { type Token, tokensOf } from './token.ts'

/** Parses a template. `functions`: the names of callable functions. Throws TemplateFault. */
export function parseTemplate(source: string, functions: ReadonlySet<string>): Node[] {
  const parser = new Parser(tokensOf(source), functions, source.length)
  const { nodes, end } = parser.list(false, 0)
  if (end) throw new TemplateFault(`{{${end.word}}} has no block to belong to`, end.at)
  return nodes
}

const MOST_NESTED = 100

interface End {
  word: 'end' | 'else'
  at: number
}

class Parser {
  readonly #pipes: PipeParser
  #depth = 0

  constructor(tokens: readonly Token[], functions: ReadonlySet<string>, end: number) {
    this.#pipes = new PipeParser(tokens, functions, end)
  }

  /** Parses up to the end of the template, `{{end}}` or `{{else`. */
  list(inRange: boolean, begun: number): { nodes: Node[]; end?: End } {
    if (++this.#depth > MOST_NESTED) throw new TemplateFault('too many blocks inside each other', begun)
    const nodes: Node[] = []
    for (;;) {
      const token = this.#pipes.next()
      if (!token) break
      if (token.kind === 'text') {
        nodes.push({ kind: 'text', text: token.text, at: token.at })
        continue
      }
      const word = this.#pipes.word()
      if (word?.text === 'end' || word?.text === 'else') {
        this.#depth--
        return { nodes, end: { word: word.text, at: token.at } }
      }
      nodes.push(this.#action(word, token, inRange))
    }
    this.#depth--
    return { nodes }
  }

  #action(word: Token | undefined, { at }: Token, inRange: boolean): Node {
    if (word?.text === 'if' || word?.text === 'with' || word?.text === 'range') {
      return this.#branch(word.text, at, inRange || word.text === 'range')
    }
    if (word?.text === 'break' || word?.text === 'continue') {
      if (!inRange) throw new TemplateFault(`{{${word.text}}} is outside {{range}}`, at)
      this.#pipes.close()
      return { kind: word.text, at }
    }
    if (word) throw new TemplateFault(`{{${word.text}}} is not supported`, at)
    return { kind: 'print', pipe: this.#pipes.pipe('close', 1), at }
  }

  #branch(kind: Branch['kind'], at: number, inRange: boolean): Branch {
    const pipe: Pipe = this.#pipes.pipe('close', kind === 'range' ? 2 : 1)
    const { nodes: body, end } = this.list(inRange, at)
    if (!end) throw new TemplateFault(`{{${kind}}} is not closed`, at, 'it ends with {{end}}')
    const otherwise = end.word === 'else' ? this.#otherwise(kind, at, end.at, inRange) : []
    if (end.word === 'end') this.#pipes.close()
    return { kind, pipe, body, otherwise, at }
  }

  /** After `{{else`: either another condition, which shares its `{{end}}`, or the alternative. */
  #otherwise(kind: Branch['kind'], begun: number, at: number, inRange: boolean): Node[] {
    const again = this.#pipes.word()
    if (again) {
      if (again.text !== kind || kind === 'range')
        throw new TemplateFault(`{{else ${again.text}}} cannot stand here`, at)
      return [this.#branch(kind, at, inRange)]
    }
    this.#pipes.close()
    const { nodes, end } = this.list(inRange, at)
    if (!end) throw new TemplateFault(`{{${kind}}} is not closed`, begun, 'it ends with {{end}}')
    if (end.word === 'else') throw new TemplateFault(`a second {{else}} of {{${kind}}}`, end.at)
    this.#pipes.close()
    return nodes
  }
}
