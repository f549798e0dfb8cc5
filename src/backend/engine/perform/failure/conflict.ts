import { error } from '../../../../diagnostics/diagnostic.ts'
import { foreign } from '../../../../diagnostics/foreign.ts'
import { StepFailure } from '../../../../execute/step-context.ts'

/** Others work on the same things: looking again and planning anew puts it right. */
export function conflict(message: string, cause: Error): StepFailure {
  return new StepFailure(error('moved', message), undefined, { cause })
}

/** What was there when the plan was made is gone. The engine names it by its id; the step that fails tells whose it is. */
export function removedMeanwhile(cause: Error): StepFailure {
  const [, kind = ''] = /\b(container|network|volume)\b/i.exec(cause.message) ?? []
  return conflict(kind ? `the ${kind.toLowerCase()} was removed meanwhile` : foreign(cause.message), cause)
}
