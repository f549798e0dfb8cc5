import { error } from '../../../../diagnostics/diagnostic.ts'
import { foreign } from '../../../../diagnostics/foreign.ts'
import { StepFailure } from '../../../../execute/step-context.ts'

/** Others changed the same things meanwhile: observing and planning again resolves it. */
export function conflict(message: string, cause: Error): StepFailure {
  return new StepFailure(error('moved', message), undefined, { cause })
}

/** Something that existed when the plan was made is gone. The engine names it by its id; the failed step says what it belongs to. */
export function removedMeanwhile(cause: Error): StepFailure {
  const [, kind = ''] = /\b(container|network|volume)\b/i.exec(cause.message) ?? []
  return conflict(kind ? `the ${kind.toLowerCase()} was removed meanwhile` : foreign(cause.message), cause)
}
