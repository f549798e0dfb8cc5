import type { Span } from '../../diagnostics/span.ts'

/** Where a value of the model comes from, and which values it overrode. */
export interface Explained {
  /** From the root, in the user's notation: `services.web.ports[0]`. */
  path: string
  /** Absent if a `!reset` removed it. */
  value?: unknown
  source: Source
  /** The variables that were interpolated into the value. */
  variables: VariableSource[]
  /** Strongest first. */
  lost: Lost[]
  /** Explanations of the values inside a mapping or list. */
  children: Explained[]
}

export interface Source {
  /** Absent for defaults. */
  at?: Span
  how: 'written' | 'extends' | 'env file' | 'label file' | 'default' | 'removed'
  /** The constructs that the value passed through, outermost first: `extends`, `include`, `<<`, an alias. */
  through: { what: string; at: Span }[]
  /** The text in the file if it differs from the value: `${MODE:-fast}`, or a short syntax. */
  written?: string
}

export interface Lost {
  at: Span
  value: unknown
  reason: string
}

export interface VariableSource {
  name: string
  /** The replacement: the variable's value, the default or the alternative. */
  value: string
  /** `shell`, a file with its line, `default`, `alternative`, or `unset`. */
  from: string
  /** Other places that set it, overridden by this one. */
  lost: { value: string; from: string }[]
}
