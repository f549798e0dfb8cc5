import type { FieldChange } from '../plan/step.ts'
import { oneLine } from './redact/visible.ts'

/** `environment.REV: "1" -> "2"`; for a secret, only that it changed; without values, only that something changed. */
export function changeLine(change: FieldChange): string {
  return oneLine(changeText(change))
}

function changeText({ path, from, to, secret }: FieldChange): string {
  if (isNothing(from) && isNothing(to)) return `${subjectOf(path)}: content changed`
  if (secret) return `${path}: ${isNothing(from) ? 'added' : isNothing(to) ? 'removed' : 'changed'} (value hidden)`
  return `${path}: ${shown(from)} -> ${shown(to)}`
}

function shown(value: unknown): string {
  return isNothing(value) ? 'none' : JSON.stringify(value)
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null
}

/** `secrets./run/secrets/s` and `configs./c` denote a mounted file: `secret s`. */
function subjectOf(path: string): string {
  const found = /^(secret|config)s[./](?:.*\/)?([^/]+)$/.exec(path)
  return found ? `${found[1]} ${found[2]}` : path
}
