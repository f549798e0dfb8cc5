import { createHash, createHmac, randomBytes, scrypt, scryptSync } from 'node:crypto'
import { namesSecret } from '../../../stack/sensitive.ts'

/** The version of the label's form: one of a newer version is not understood, never guessed at. */
const VERSION = 1
const SALT_BYTES = 12
const HASH_BYTES = 12

/** SHA-256 (hex) of what each thing holds that counts only while a data directory is empty: variables by name, scripts by their folder. */
export type Initials = Record<string, string>

interface Recorded {
  v: typeof VERSION
  salt: string
  /**
   * By the same names: hashes of the name and the digest, base64url. Those of secrets are slow, scrypt with Node's default cost, as a label
   * can be read, and guessed at, by everybody who may use the engine.
   */
  h: Record<string, string>
}

/** The label of a volume that is about to be made, salted anew. */
export async function recordInitials(initials: Initials): Promise<string> {
  const salt = randomBytes(SALT_BYTES).toString('base64url')
  const hashes = await Promise.all(Object.entries(initials).map(([name, digest]) => hashOf(name, digest, salt)))
  const h = Object.fromEntries(Object.keys(initials).map((name, i) => [name, hashes[i] ?? '']))
  return JSON.stringify({ v: VERSION, salt, h } satisfies Recorded)
}

/** The names, sorted, of what is there then and now, and differs; what a label does not tell differs in nothing. */
export function changedInitials(label: string | undefined, initials: Initials): string[] {
  const recorded = parse(label)
  if (!recorded) return []
  const { h, salt } = recorded
  return Object.entries(initials)
    .filter(([name, digest]) => name in h && h[name] !== hashNow(name, digest, salt))
    .map(([name]) => name)
    .sort()
}

export function isRecorded(label: string | undefined): boolean {
  return parse(label) !== undefined
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** A slow one in the background. */
function hashOf(name: string, digest: string, salt: string): Promise<string> | string {
  if (!isSecret(name)) return quickHash(name, digest, salt)
  return new Promise((resolve, reject) => {
    scrypt(...slow(name, digest, salt), (failure, key) => (failure ? reject(failure) : resolve(encoded(key))))
  })
}

function hashNow(name: string, digest: string, salt: string): string {
  return isSecret(name) ? encoded(scryptSync(...slow(name, digest, salt))) : quickHash(name, digest, salt)
}

function isSecret(name: string): boolean {
  return namesSecret(name.replace(/_FILE$/, ''))
}

function quickHash(name: string, digest: string, salt: string): string {
  return encoded(createHmac('sha256', salt).update(`${name}\0${digest}`).digest().subarray(0, HASH_BYTES))
}

function slow(name: string, digest: string, salt: string): [string, string, number] {
  return [`${name}\0${digest}`, salt, HASH_BYTES]
}

function encoded(key: Buffer): string {
  return key.toString('base64url')
}

function parse(label: string | undefined): Recorded | undefined {
  if (!label) return undefined
  try {
    const { v, salt, h } = JSON.parse(label)
    return v === VERSION && typeof salt === 'string' && typeof h === 'object' && h !== null ? { v, salt, h } : undefined
  } catch {
    return undefined
  }
}
