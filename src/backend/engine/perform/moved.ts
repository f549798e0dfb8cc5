import { error } from '../../../diagnostics/diagnostic.ts'
import type { EngineError } from '../../../docker/port.ts'
import { StepFailure } from '../../../run/scope.ts'

/** Others work on the same things: looking again and planning anew puts it right. */
export function moved(message: string, cause: EngineError): StepFailure {
  return new StepFailure(error('moved', message), undefined, { cause })
}
