import { isMapping } from '../util/object.ts'
import { canonicalJson } from './fingerprint.ts'
import type { FieldChange } from './step.ts'

/** The leaves in which two mappings differ, sorted by path. Mappings are compared by key, lists as a whole. */
export function diffFields(from: Record<string, unknown>, to: Record<string, unknown>, prefix = ''): FieldChange[] {
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort()
  return keys.flatMap((key) => diffValue(prefix + key, from[key], to[key]))
}

function diffValue(path: string, from: unknown, to: unknown): FieldChange[] {
  if (canonicalJson(from) === canonicalJson(to)) return []
  if (isMapping(from) && isMapping(to)) return diffFields(from, to, `${path}.`)
  return [{ path, from, to }]
}
