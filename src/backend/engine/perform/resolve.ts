import type { StepContext } from '../../../execute/step-context.ts'
import type { Id } from '../action.ts'

/** The id itself, or what the step that it refers to found out; what stands in for it where that step was unneeded. */
export function resolve(id: Id, context: StepContext): string {
  if (typeof id === 'string') return id
  const found = context.outputOf(id.ref)[id.field] ?? id.otherwise
  if (typeof found === 'string') return found
  throw new Error(`step ${id.ref} has no output "${id.field}"`)
}
