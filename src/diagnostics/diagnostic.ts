import type { Code } from './codes.ts'
import type { Span } from './span.ts'

export type Severity = 'error' | 'warning'

/** One problem, as data: where it is, what it is, and what to do about it. Views turn it into text. */
export interface Diagnostic {
  severity: Severity
  code: Code
  /** One sentence without a full stop, in the words of the stack file. */
  message: string
  at?: Span
  /** What to do about it, e.g. `did you mean "environment"?`. */
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
