import type { Filter } from '../port.ts'

/** The `filters` of list calls. The engine matches names as regular expressions, with or without a leading slash. */
export function filtersOf(filter: Filter): { filters: Record<string, string[]> } {
  const filters: Record<string, string[]> = {}
  if (filter.labels?.length) filters.label = [...filter.labels]
  if (filter.names?.length) filters.name = filter.names.map((name) => `^/?${escaped(name)}$`)
  return { filters }
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
