import type { StepContext } from '../../../execute/step-context.ts'
import type { Id } from '../action.ts'

/** Resolves an id: the id itself, or the output of the step that it refers to, or the fallback if that step was not needed. */
export function resolve(id: Id, context: StepContext): string {
  if (typeof id === 'string') return id
  const found = context.outputOf(id.ref)[id.field] ?? id.otherwise
  if (typeof found === 'string') return found
  throw new Error(`step ${id.ref} has no output "${id.field}"`)
}
