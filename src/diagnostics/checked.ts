import { type Diagnostic, isError } from './diagnostic.ts'
import { withoutMarks } from './foreign.ts'

/** A value with its warnings, or the problems that prevent it. Problems travel as data; exceptions are for bugs. */
export type Checked<T> = { ok: true; value: T; warnings: Diagnostic[] } | { ok: false; diagnostics: Diagnostic[] }

/** A success or a failure, depending on whether the diagnostics contain an error. */
export function checked<T>(value: T, diagnostics: Diagnostic[]): Checked<T> {
  return diagnostics.some(isError) ? { ok: false, diagnostics } : { ok: true, value, warnings: diagnostics }
}

export function failed(...diagnostics: Diagnostic[]): { ok: false; diagnostics: Diagnostic[] } {
  return { ok: false, diagnostics }
}

/** Carries problems through code that only supports exceptions (performers, the command line). */
export class StackError extends Error {
  override readonly name: string = 'StackError'
  constructor(
    readonly diagnostics: Diagnostic[],
    options?: ErrorOptions,
  ) {
    super(diagnostics.map((each) => withoutMarks(each.message)).join('; '), options)
  }

  /** The message with its foreign parts still marked. */
  get sentence(): string {
    return this.diagnostics.map(({ message }) => message).join('; ')
  }
}

/** The value, or a thrown StackError. */
export function unwrap<T>(result: Checked<T>): T {
  if (result.ok) return result.value
  throw new StackError(result.diagnostics)
}
