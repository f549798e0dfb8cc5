import type { FieldChange } from '../plan/step.ts'
import { redact, type Sensitive } from '../stack/sensitive.ts'
import { MASK, maskChange } from './hide.ts'

/** `environment.REV: "1" -> "2"`, secrets masked. */
export function changeLine(change: FieldChange, sensitive: Sensitive): string {
  const { path, from, to } = maskChange(change)
  const text = (value: unknown) => redact(shown(value), sensitive)
  return `${path}: ${text(from)} -> ${text(to)}`
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return 'none'
  return value === MASK ? MASK : JSON.stringify(value)
}
