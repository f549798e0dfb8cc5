import { StackError } from '../../diagnostics/checked.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import { isAway as isEngineAway } from '../../logs/retry.ts'

/** Whether no engine answers, rather than that one refused something. */
export function isAway(thrown: unknown): boolean {
  const unreachable =
    thrown instanceof StackError && thrown.diagnostics.some(({ code }) => code === 'engine-unreachable')
  return unreachable || isEngineAway(thrown)
}

/** Of the user's or the engine's making; everything else is a bug. */
export function isProblem(thrown: unknown): boolean {
  return thrown instanceof StackError || (thrown instanceof Error && thrown.name === 'EngineError')
}

export function wordsOf(thrown: unknown): string {
  if (thrown instanceof StackError) return thrown.diagnostics.map(({ message }) => message).join('; ')
  return foreign(thrown instanceof Error ? thrown.message : String(thrown))
}
