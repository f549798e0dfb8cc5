import type { FieldChange } from '../plan/step.ts'
import { redact, redactDeep, type Sensitive } from '../stack/sensitive.ts'
import { MASK, maskChange } from './hide.ts'

/** `environment.REV: "1" -> "2"`, secrets masked; without values, that something changed is all that is known. */
export function changeLine(change: FieldChange, sensitive: Sensitive): string {
  const { from, to } = maskChange(change)
  const path = redact(change.path, sensitive)
  if (isNothing(from) && isNothing(to)) return `${subjectOf(path)}: content changed`
  return `${path}: ${shown(from, sensitive)} -> ${shown(to, sensitive)}`
}

/** Secrets go before anything is quoted: a quoted one may look otherwise. */
function shown(value: unknown, sensitive: Sensitive): string {
  if (isNothing(value)) return 'none'
  return value === MASK ? MASK : redact(JSON.stringify(redactDeep(value, sensitive)), sensitive)
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null
}

/** `secrets./run/secrets/s` and `configs./c` name a mounted file: `secret s`. */
function subjectOf(path: string): string {
  const found = /^(secret|config)s[./](?:.*\/)?([^/]+)$/.exec(path)
  return found ? `${found[1]} ${found[2]}` : path
}
