import { createHash, createHmac, randomBytes, scryptSync } from 'node:crypto'
import { saltedHashesIn } from '../../../plan/fingerprint.ts'
import { namesSecret } from '../../../stack/secret-names.ts'

/** The label's format version; labels with a newer version are ignored. */
const VERSION = 1
const SALT_BYTES = 12
const HASH_BYTES = 12

/** SHA-256 (hex) of each setting that applies only while a data directory is empty: variables by name, scripts by folder. */
export type Initials = Record<string, string>

/** The label of a new volume, with a new salt. Takes some 50 ms per secret. */
export function recordInitials(initials: Initials): string {
  const salt = randomBytes(SALT_BYTES).toString('base64url')
  const h = Object.fromEntries(Object.entries(initials).map(([name, digest]) => [name, hashOf(name, digest, salt)]))
  return JSON.stringify({ v: VERSION, salt, h })
}

/** The sorted names of settings that exist in both and differ; a setting that the label lacks does not differ. */
export function changedInitials(label: string | undefined, initials: Initials): string[] {
  const recorded = saltedHashesIn(label, VERSION)
  if (!recorded) return []
  const { h, salt } = recorded
  return Object.entries(initials)
    .filter(([name, digest]) => Object.hasOwn(h, name) && h[name] !== hashOf(name, digest, salt))
    .map(([name]) => name)
    .sort()
}

export function isRecorded(label: string | undefined): boolean {
  return saltedHashesIn(label, VERSION) !== undefined
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hashOf(name: string, digest: string, salt: string): string {
  const text = `${name}\0${digest}`
  const isSecret = namesSecret(name.replace(/_FILE$/, ''))
  const key = isSecret ? scryptSync(text, salt, HASH_BYTES) : createHmac('sha256', salt).update(text).digest()
  return key.subarray(0, HASH_BYTES).toString('base64url')
}
