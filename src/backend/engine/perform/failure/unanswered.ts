import type { EngineError } from '../../../../docker/port.ts'

/** The engine went away, or is about to and has lost what it works with: what it has done will be seen. */
export function isUnanswered({ status, message }: EngineError): boolean {
  return status === undefined || /transport is closing|daemon is shutting down/.test(message)
}
