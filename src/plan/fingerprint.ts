import { createHash } from 'node:crypto'
import { isMapping } from '../util/object.ts'
import { parsedJson } from '../util/text.ts'

/** The version of the label format. A label of a newer version is treated as unreadable. */
const VERSION = 1
/** Base64url characters kept of each hash: 48 bits. */
const LENGTH = 8
/** Every event and list carries all labels, so a longer label is folded into one hash. */
const LARGEST = 12_000

/**
 * The label that records a declaration without revealing values: a version, a salt and a truncated salted hash for each
 * path.
 * @param fields by path, JSON data; the order of keys does not matter
 * @param salt any text that differs between containers, such as the name
 */
export function fingerprint(fields: Record<string, unknown>, salt: string): string {
  const hashes = hashesOf(fields, salt)
  const label = JSON.stringify({ v: VERSION, salt, h: hashes })
  return label.length <= LARGEST ? label : JSON.stringify({ v: VERSION, salt, h: folded(hashes) })
}

/** The paths that differ from the label, sorted; `undefined` if the label is unreadable. */
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

/** One hash of all fields, for the label that `docker compose` compares. */
export function overallHash(fields: Record<string, unknown>, salt: string): string {
  return createHash('sha256').update(salt).update(canonicalJson(fields)).digest('hex')
}

/** Stands for all paths: no real path is empty. */
const FOLDED = ''

/** All fields in one hash: changes are still detected, but not by path. */
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

function parse(label: string | undefined): SaltedHashes | undefined {
  return saltedHashesIn(label, VERSION)
}

interface SaltedHashes {
  salt: string
  /** By name. */
  h: Record<string, string>
}

/** The hashes in such a label; none if it is missing, broken or of another version. */
export function saltedHashesIn(label: string | undefined, version: number): SaltedHashes | undefined {
  const data = parsedJson(label ?? '')
  if (!isMapping(data) || data.v !== version) return undefined
  const { salt, h } = data
  return typeof salt === 'string' && isMapping(h) ? { salt, h: h as Record<string, string> } : undefined
}
