import { TemplateFault } from './fault.ts'
import { fieldOf, itemsOf } from './fields.ts'
import type { Branch, Command, Node, Operand, Pipe } from './node.ts'
import { Scope } from './scope.ts'
import { printed, truth, type Value } from './value.ts'

/** Throws an Error that explains invalid arguments. */
export type TemplateFunction = (...args: Value[]) => Value

export interface Evaluation {
  functions: ReadonlyMap<string, TemplateFunction>
  data: Value
}

const MOST_STEPS = 1_000_000
const MOST_OUTPUT = 16 * 1024 * 1024

/** Evaluates a template for some data. Throws TemplateFault; `written` then contains the text before the fault. */
export function evaluate(nodes: readonly Node[], { functions, data }: Evaluation, written: string[] = []): string {
  new Evaluator(functions, written).list(nodes, data, new Scope(data))
  return written.join('')
}

type Leave = 'break' | 'continue' | undefined

class Evaluator {
  #steps = 0
  #length = 0

  constructor(
    private readonly functions: ReadonlyMap<string, TemplateFunction>,
    private readonly written: string[],
  ) {}

  list(nodes: readonly Node[], dot: Value, scope: Scope): Leave {
    for (const node of nodes) {
      const leave = this.#node(node, dot, scope)
      if (leave) return leave
    }
    return undefined
  }

  #node(node: Node, dot: Value, scope: Scope): Leave {
    this.#step(node.at)
    if (node.kind === 'text') return this.#write(node.text, node.at)
    if (node.kind === 'print') return this.#print(node.pipe, dot, scope)
    if (!('body' in node)) return node.kind
    const inside = scope.inner()
    if (node.kind === 'range') return this.#range(node, dot, inside)
    const value = this.#pipe(node.pipe, dot, inside)
    if (truth(value)) return this.list(node.body, node.kind === 'with' ? value : dot, inside)
    return this.list(node.otherwise, dot, inside)
  }

  /** An assignment prints nothing. */
  #print(pipe: Pipe, dot: Value, scope: Scope): undefined {
    const value = this.#pipe(pipe, dot, scope)
    if (pipe.variables.length === 0) this.#write(printed(value), pipe.at)
  }

  #write(text: string, at: number): undefined {
    this.#length += text.length
    if (this.#length > MOST_OUTPUT) throw new TemplateFault('the output is too long', at)
    this.written.push(text)
  }

  #step(at: number): void {
    if (++this.#steps > MOST_STEPS) throw new TemplateFault('the template runs too long', at)
  }

  #range(node: Branch, dot: Value, scope: Scope): Leave {
    const { variables, assigns } = node.pipe
    const items = itemsOf(this.#pipe({ ...node.pipe, variables: [] }, dot, scope), node.pipe.at)
    const names = variables.length === 1 ? [undefined, variables[0]] : variables
    let count = 0
    for (const [key, value] of items) {
      count++
      this.#step(node.at)
      const inside = scope.inner()
      for (const [name, each] of [
        [names[0], key],
        [names[1], value],
      ] as const) {
        if (name !== undefined) this.#give(inside, name, each, assigns, node.at)
      }
      if (this.list(node.body, value, inside) === 'break') return undefined
    }
    return count === 0 ? this.list(node.otherwise, dot, scope) : undefined
  }

  #give(scope: Scope, name: string, value: Value, assigns: boolean, at: number): void {
    if (!assigns) scope.declare(name, value)
    else if (!scope.assign(name, value)) throw undefinedVariable(name, at)
  }

  #pipe(pipe: Pipe, dot: Value, scope: Scope): Value {
    let value: Value
    pipe.commands.forEach((command, index) => {
      value = this.#command(command, dot, scope, index === 0 ? [] : [value])
    })
    for (const name of pipe.variables) this.#give(scope, name, value, pipe.assigns, pipe.at)
    return value
  }

  /** `piped`: the value of the preceding command, which becomes the last argument. */
  #command(command: Command, dot: Value, scope: Scope, piped: readonly Value[]): Value {
    const [first, ...rest] = command as [Operand, ...Operand[]]
    this.#step(first.at)
    if (first.kind === 'function') return this.#call(first, rest, dot, scope, piped)
    const given = rest.length + piped.length > 0
    if (first.kind === 'chain') {
      const args = () => [...rest.map((each) => this.#operand(each, dot, scope)), ...piped]
      return this.#chain(first, dot, scope, given ? args() : undefined)
    }
    if (given) throw new TemplateFault(`${first.text} is not a function`, first.at, 'only functions take arguments')
    if (first.kind === 'nil') throw new TemplateFault('nil is no command', first.at)
    return this.#operand(first, dot, scope)
  }

  #operand(operand: Operand, dot: Value, scope: Scope): Value {
    if (operand.kind === 'dot') return dot
    if (operand.kind === 'nil') return undefined
    if (operand.kind === 'literal') return operand.value
    if (operand.kind === 'pipe') return this.#pipe(operand.pipe, dot, scope)
    if (operand.kind === 'function') return this.#call(operand, [], dot, scope, [])
    if (operand.kind === 'variable') return variable(scope, operand.name, operand.at)
    return this.#chain(operand, dot, scope, undefined)
  }

  /** `and` and `or` short-circuit. */
  #call(
    { name, at }: Operand & { kind: 'function' },
    rest: readonly Operand[],
    dot: Value,
    scope: Scope,
    piped: readonly Value[],
  ): Value {
    const args: Value[] = []
    for (const operand of rest) {
      const value = this.#operand(operand, dot, scope)
      args.push(value)
      if ((name === 'or' && truth(value)) || (name === 'and' && !truth(value))) return value
    }
    const run = this.functions.get(name) as TemplateFunction
    return explained(() => run(...args, ...piped), `${name}: `, at)
  }

  #chain({ from, names, at }: Operand & { kind: 'chain' }, dot: Value, scope: Scope, args: Value[] | undefined): Value {
    let value =
      from === 'dot' ? dot : 'variable' in from ? variable(scope, from.variable, at) : this.#pipe(from.pipe, dot, scope)
    names.forEach((name, index) => {
      const isLast = index === names.length - 1
      value = explained(() => fieldOf(value, name, isLast ? args : undefined), '', at)
    })
    return value
  }
}

function variable(scope: Scope, name: string, at: number): Value {
  if (!scope.has(name)) throw undefinedVariable(name, at)
  return scope.get(name)
}

function undefinedVariable(name: string, at: number): TemplateFault {
  return new TemplateFault(`there is no variable ${name}`, at, `{{${name} := …}} makes one`)
}

function explained<T>(work: () => T, before: string, at: number): T {
  try {
    return work()
  } catch (thrown) {
    if (thrown instanceof TemplateFault || !(thrown instanceof Error)) throw thrown
    const { hint } = thrown as { hint?: string }
    throw new TemplateFault(`${before}${thrown.message}`, at, hint)
  }
}
