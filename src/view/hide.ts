import type { FieldChange } from '../plan/step.ts'
import { redact, type Sensitive } from '../stack/sensitive.ts'

export const MASK = '••••••'

/** A copy of plain data with every sensitive value taken out of its strings. */
export function redactDeep<T>(value: T, sensitive: Sensitive): T {
  return (sensitive.values.size === 0 ? value : walk(value, sensitive)) as T
}

function walk(value: unknown, sensitive: Sensitive): unknown {
  if (typeof value === 'string') return redact(value, sensitive)
  if (Array.isArray(value)) return value.map((each) => walk(each, sensitive))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, walk(each, sensitive)]))
}

/** A change without what a secret field was and is. */
export function maskChange(change: FieldChange): FieldChange {
  return change.secret ? { ...change, from: shade(change.from), to: shade(change.to) } : change
}

/** That a secret was or was not there may be seen. */
function shade(value: unknown): unknown {
  return value === undefined || value === null ? value : MASK
}
