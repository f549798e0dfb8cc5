import type { FieldChange } from '../plan/step.ts'

export const MASK = '••••••'

/** A change without what a secret field was and is. */
export function maskChange(change: FieldChange): FieldChange {
  return change.secret ? { ...change, from: shade(change.from), to: shade(change.to) } : change
}

/** That a secret was or was not there may be seen. */
function shade(value: unknown): unknown {
  return value === undefined || value === null ? value : MASK
}
