import { error } from '../../../diagnostics/diagnostic.ts'
import { StepFailure } from '../../../run/scope.ts'

/** Others work on the same things: looking again and planning anew puts it right. */
export function moved(message: string, cause: Error): StepFailure {
  return new StepFailure(error('moved', message), undefined, { cause })
}
