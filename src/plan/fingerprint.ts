import { createHash } from 'node:crypto'

/** The version of the way fields are taken apart and hashed. A label of a newer version is not understood, never guessed at. */
const VERSION = 1
/** Characters of base64url kept of each hash: 48 bits. */
const LENGTH = 8
/** Labels travel with every event and list: above this the tail is folded into one hash. */
const LARGEST = 12_000

/**
 * What was declared, as a label that gives no value away: a version, a salt, and for each path a truncated salted hash.
 * @param fields by path, JSON data; the order of keys in them means nothing
 * @param salt any text that differs from container to container, e.g. its name
 */
export function fingerprint(fields: Record<string, unknown>, salt: string): string {
  const hashes = hashesOf(fields, salt)
  const label = JSON.stringify({ v: VERSION, salt, h: hashes })
  return label.length <= LARGEST ? label : JSON.stringify({ v: VERSION, salt, h: folded(hashes) })
}

/** The paths that differ from what a label recorded, sorted; `undefined` if the label cannot be understood. */
export function changedSince(label: string | undefined, fields: Record<string, unknown>): string[] | undefined {
  const recorded = parse(label)
  if (!recorded) return undefined
  const full = hashesOf(fields, recorded.salt)
  const now = FOLDED in recorded.h ? folded(full) : full
  const paths = new Set([...Object.keys(recorded.h), ...Object.keys(now)])
  return [...paths].filter((path) => recorded.h[path] !== now[path]).sort()
}

/** Whether a label was written by this version or an earlier one. */
export function isUnderstood(label: string | undefined): boolean {
  return parse(label) !== undefined
}

/** One hash over everything, for the label that `docker compose` compares. */
export function overallHash(fields: Record<string, unknown>, salt: string): string {
  return createHash('sha256').update(salt).update(canonicalJson(fields)).digest('hex')
}

/** Stands for all paths; none is empty. */
const FOLDED = ''

/** Everything in one hash: the diff then names no path, but change is still seen. */
function folded(hashes: Record<string, string>): Record<string, string> {
  return {
    [FOLDED]: createHash('sha256')
      .update(canonicalJson(hashes))
      .digest('base64url')
      .slice(0, 2 * LENGTH),
  }
}

function hashesOf(fields: Record<string, unknown>, salt: string): Record<string, string> {
  const paths = Object.keys(fields).sort()
  return Object.fromEntries(paths.map((path) => [path, hashOf(salt, path, fields[path])]))
}

function hashOf(salt: string, path: string, value: unknown): string {
  const text = `${salt}\0${path}\0${canonicalJson(value)}`
  return createHash('sha256').update(text).digest('base64url').slice(0, LENGTH)
}

/** JSON with sorted keys. `undefined` members are left out, as JSON does. */
export function canonicalJson(value: unknown): string {
  return (
    JSON.stringify(value, (_key, each) =>
      typeof each === 'object' && each !== null && !Array.isArray(each)
        ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
        : each,
    ) ?? 'null'
  )
}

function parse(label: string | undefined): { salt: string; h: Record<string, string> } | undefined {
  if (!label) return undefined
  try {
    const { v, salt, h } = JSON.parse(label)
    return v === VERSION && typeof salt === 'string' && typeof h === 'object' && h !== null ? { salt, h } : undefined
  } catch {
    return undefined
  }
}
