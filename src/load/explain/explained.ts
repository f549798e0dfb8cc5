import type { Span } from '../../diagnostics/span.ts'

/** Where a value of the model comes from, and which ones lost to it. */
export interface Explained {
  /** From the root, as a user may write it: `services.web.ports[0]`. */
  path: string
  /** Absent where nothing is set: a `!reset` took it away. */
  value?: unknown
  source: Source
  /** Variables that the value took in, where it was written. */
  variables: VariableSource[]
  /** The last to lose first. */
  lost: Lost[]
  /** What is inside of a mapping or list. */
  children: Explained[]
}

export interface Source {
  /** Absent for what no file says. */
  at?: Span
  /** How it got here. */
  how: 'written' | 'extends' | 'env file' | 'label file' | 'default' | 'removed'
  /** The places that brought it here, outermost first: `extends`, `include`, `<<`, an alias. */
  through: { what: string; at: Span }[]
  /** What the file says where that is not the value: `${MODE:-fast}`, or a short syntax. */
  written?: string
}

export interface Lost {
  at: Span
  value: unknown
  reason: string
}

export interface VariableSource {
  name: string
  /** What stands in its place: its value, the default or the alternative beside it. */
  value: string
  /** `shell`, a file with its line, `default`, `alternative`, or `unset`. */
  from: string
  /** Other places that set it, which lost to this one. */
  lost: { value: string; from: string }[]
}
