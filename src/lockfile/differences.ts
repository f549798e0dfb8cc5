import { canonicalJson } from '../plan/fingerprint.ts'
import { isMapping } from '../util/object.ts'
import { formatPath } from '../yaml/tree.ts'
import type { Enforced, Lock } from './model.ts'

/** A fact that two locks do not share. */
export interface Difference {
  /** Keys from the root of the lock file: `['services', 'web', 'image']`. */
  path: readonly string[]
  /** Absent: the fact is new, or is no more. */
  from?: unknown
  to?: unknown
}

/** The enforced facts in which two locks differ, in the order of a lock file. Mappings are compared by key, lists as a whole. */
export function differences(from: Enforced, to: Enforced): Difference[] {
  return compare(enforcedOf(from), enforcedOf(to))
}

/** The noted ones. */
export function notedDifferences(from: Lock, to: Lock): Difference[] {
  return compare({ noted: from.noted }, { noted: to.noted })
}

function enforcedOf({ images, stack, files }: Enforced): Record<string, unknown> {
  return { images, ...stack, files }
}

function compare(
  from: Record<string, unknown>,
  to: Record<string, unknown>,
  path: readonly string[] = [],
): Difference[] {
  const added = Object.keys(to).filter((key) => !Object.hasOwn(from, key))
  const keys = path.length === 0 ? [...Object.keys(from), ...added] : [...Object.keys(from), ...added].sort()
  return keys.flatMap((key) => compareValue([...path, key], own(from, key), own(to, key)))
}

function compareValue(path: readonly string[], from: unknown, to: unknown): Difference[] {
  if (from === undefined && to === undefined) return []
  if (from !== undefined && to !== undefined && canonicalJson(from) === canonicalJson(to)) return []
  // A whole section that is missing is as good as an empty one.
  const [before, after] = path.length === 1 ? [from ?? {}, to ?? {}] : [from, to]
  if (isMapping(before) && isMapping(after)) return compare(before, after, path)
  return [{ path, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }]
}

function own(data: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(data, key) ? data[key] : undefined
}

/** `file ./a.csv`, `image web:1: content`, `services.web.environment.MODE` */
export function factName([section = '', key = '', ...rest]: readonly string[]): string {
  if (section === 'files' && key !== '') return `file ${key}`
  if (section === 'images' && key !== '') return `image ${key}${rest.length > 0 ? `: ${rest.join('.')}` : ''}`
  return formatPath([section, ...(key === '' && rest.length === 0 ? [] : [key]), ...rest])
}
