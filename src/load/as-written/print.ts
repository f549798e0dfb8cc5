import { dumpYaml } from '../../source/dump.ts'
import { naturally } from '../../source/natural-order.ts'
import { toData } from '../../source/tree.ts'
import type { AsWritten } from './load.ts'

/** What `config --no-interpolate` prints; dollar signs are as they were. */
export function textAsWritten(model: AsWritten, format: 'yaml' | 'json'): string {
  const data = dataAsWritten(model)
  return format === 'json' ? `${JSON.stringify(data, null, 2)}\n` : dumpYaml(data)
}

/** Plain data with keys in the order of YAML, which means nothing in JSON, without the sections that nothing stands in. */
function dataAsWritten({ tree }: AsWritten): unknown {
  const { name, ...sections } = toData(tree) as Record<string, unknown>
  const kept = Object.entries(sections).filter(([, value]) => !isEmpty(value))
  return sorted({ ...(name !== undefined && { name }), ...Object.fromEntries(kept) })
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([a], [b]) => naturally(a, b))
  return Object.fromEntries(entries.map(([key, child]) => [key, sorted(child)]))
}
