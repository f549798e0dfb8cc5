import { error } from '../../../../diagnostics/diagnostic.ts'
import { foreign } from '../../../../diagnostics/foreign.ts'
import { StepFailure } from '../../../../execute/step-context.ts'

/** Someone else changed the same things: observing and planning again resolves it. */
export function conflict(message: string, cause: Error): StepFailure {
  return new StepFailure(error('moved', message), undefined, { cause })
}

/** Something that existed when the plan was made is gone. The engine identifies it by id; the failed step shows what it belongs to. */
export function removedMeanwhile(cause: Error): StepFailure {
  const [, kind = ''] = /\b(container|network|volume)\b/i.exec(cause.message) ?? []
  return conflict(kind ? `the ${kind.toLowerCase()} was removed meanwhile` : foreign(cause.message), cause)
}
