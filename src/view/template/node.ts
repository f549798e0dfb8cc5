/** A node of a parsed template: text or an action. `at`: the offset in the template's text. */
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

/** E.g. `$index, $element := first | second`. */
export interface Pipe {
  variables: string[]
  /** Whether it assigns to existing variables instead of declaring new ones. */
  assigns: boolean
  commands: Command[]
  at: number
}

/** The first operand, and its arguments. */
export type Command = Operand[]

export type Operand = { at: number; text: string } & (
  | { kind: 'dot' }
  | { kind: 'nil' }
  | { kind: 'literal'; value: string | number | boolean | Float }
  | { kind: 'function'; name: string }
  /** `.A.B`, `$x.A.B`, `(pipe).A.B`: field names after their base. */
  | { kind: 'chain'; from: 'dot' | { variable: string } | { pipe: Pipe }; names: string[] }
  | { kind: 'variable'; name: string }
  | { kind: 'pipe'; pipe: Pipe }
)

/** Go's float64: an integer is a plain number. */
export class Float {
  constructor(readonly value: number) {}
}
