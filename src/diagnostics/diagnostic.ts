import type { Code } from './codes.ts'
import type { Span } from './span.ts'

export type Severity = 'error' | 'warning'

/** One problem as data: its position, its description and its remedy. Views turn it into text. */
export interface Diagnostic {
  severity: Severity
  code: Code
  /** One sentence without a full stop, in the stack file's terms. */
  message: string
  at?: Span
  /** The remedy, e.g. `did you mean "environment"?`. */
  hint?: string
  related?: { message: string; at: Span }[]
}

type Details = Pick<Diagnostic, 'at' | 'hint' | 'related'> | { at?: Span | undefined; hint?: string | undefined }

export function error(code: Code, message: string, details: Details = {}): Diagnostic {
  return { severity: 'error', code, message, ...withoutUndefined(details) }
}

export function warning(code: Code, message: string, details: Details = {}): Diagnostic {
  return { severity: 'warning', code, message, ...withoutUndefined(details) }
}

export function isError(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === 'error'
}

function withoutUndefined(details: Details): Pick<Diagnostic, 'at' | 'hint' | 'related'> {
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined))
}
