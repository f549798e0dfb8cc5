import type { FieldChange } from '../plan/step.ts'
import { redact, type Sensitive } from '../stack/sensitive.ts'
import { MASK, maskChange } from './hide.ts'

/** `environment.REV: "1" -> "2"`, secrets masked; without values, that something changed is all that is known. */
export function changeLine(change: FieldChange, sensitive: Sensitive): string {
  const { path, from, to } = maskChange(change)
  if (isNothing(from) && isNothing(to)) return `${subjectOf(path)}: content changed`
  const text = (value: unknown) => redact(shown(value), sensitive)
  return `${path}: ${text(from)} -> ${text(to)}`
}

function shown(value: unknown): string {
  if (isNothing(value)) return 'none'
  return value === MASK ? MASK : JSON.stringify(value)
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null
}

/** `secrets./run/secrets/s` and `configs./c` name a mounted file: `secret s`. */
function subjectOf(path: string): string {
  const found = /^(secret|config)s[./](?:.*\/)?([^/]+)$/.exec(path)
  return found ? `${found[1]} ${found[2]}` : path
}
