/** A template that has been read: text, and what is evaluated. `at`: the offset in its text. */
export type Node =
  | { kind: 'text'; text: string; at: number }
  | { kind: 'print'; pipe: Pipe; at: number }
  | Branch
  | { kind: 'break' | 'continue'; at: number }

export interface Branch {
  kind: 'if' | 'with' | 'range'
  pipe: Pipe
  body: Node[]
  otherwise: Node[]
  at: number
}

/** `$index, $element := first | second`. */
export interface Pipe {
  variables: string[]
  /** Gives variables that exist another value, instead of making new ones. */
  assigns: boolean
  commands: Command[]
  at: number
}

/** The first operand, and what it is given. */
export type Command = Operand[]

export type Operand = { at: number; text: string } & (
  | { kind: 'dot' }
  | { kind: 'nil' }
  | { kind: 'literal'; value: string | number | boolean | Float }
  | { kind: 'function'; name: string }
  /** `.A.B`, `$x.A.B`, `(pipe).A.B`: names after what they are taken from. */
  | { kind: 'chain'; from: 'dot' | { variable: string } | { pipe: Pipe }; names: string[] }
  | { kind: 'variable'; name: string }
  | { kind: 'pipe'; pipe: Pipe }
)

/** Go's float64: an integer is a plain number. */
export class Float {
  constructor(readonly value: number) {}
}
