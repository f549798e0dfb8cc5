import { formatDuration } from '../../../../stack/units.ts'
import { isEmpty } from '../../../../util/object.ts'

/** A service's attributes by path, in the stack file's terms. */
export type AttributeValues = Record<string, unknown>

/** Drops empty members: undefined, empty lists and empty mappings. */
export function present(values: AttributeValues): AttributeValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !isEmpty(value)))
}

export function list(values: readonly string[] | null | undefined): string[] | undefined {
  return values && values.length > 0 ? [...values] : undefined
}

/** Sorts a list whose order has no meaning. */
export function sorted(values: readonly string[] | null | undefined): string[] | undefined {
  return list(values)?.sort()
}

export function mapping(entries: readonly string[] | null | undefined, separator: string): Record<string, string> {
  return Object.fromEntries(
    (entries ?? []).map((entry) => {
      const at = entry.indexOf(separator)
      return at < 0 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)]
    }),
  )
}

const UNITS = ['', 'k', 'm', 'g', 't', 'p']

/** Formats bytes as a size: `64m`, `1536k`; undefined for absent or zero; -1 means unlimited. */
export function size(bytes: number | null | undefined): string | undefined {
  if (!bytes) return undefined
  let [amount, power] = [bytes, 0]
  while (amount % 1024 === 0 && power < UNITS.length - 1) [amount, power] = [amount / 1024, power + 1]
  return `${amount}${UNITS[power]}`
}

/** Formats nanoseconds as a duration: `90s` becomes `1m30s`, one minute is `1m`; undefined for absent or zero. */
export function duration(nanoseconds: number | null | undefined): string | undefined {
  if (!nanoseconds) return undefined
  return formatDuration(nanoseconds)
    .replace(/(?<=m)0s$/, '')
    .replace(/(?<=h)0m$/, '')
}

/** The engine reports an unset number in three ways. */
export function number(value: number | null | undefined): number | undefined {
  return value || undefined
}
