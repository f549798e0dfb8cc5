import { isEmpty } from '../../../util/object.ts'
import { dumpYaml } from '../../../yaml/dump.ts'
import { naturally } from '../../../yaml/natural-order.ts'
import { type MapNode, toData } from '../../../yaml/tree.ts'

/** The output of `config --no-interpolate`; dollar signs stay as written. */
export function uninterpolatedText(model: { tree: MapNode }, format: 'yaml' | 'json'): string {
  const data = arranged(dataOf(model), ARRANGEMENTS[format])
  return format === 'json' ? `${JSON.stringify(data, null, 2)}\n` : dumpYaml(data)
}

/** Plain data without empty sections. */
function dataOf({ tree }: { tree: MapNode }): unknown {
  const { name, ...sections } = toData(tree) as Record<string, unknown>
  const kept = Object.entries(sections).filter(([, value]) => value === null || !isEmpty(value))
  return { ...(name !== undefined && { name }), ...Object.fromEntries(kept) }
}

/** Sorts keys, and preserves their order: an object would put numeric keys first. */
interface Arrangement {
  compare(a: string, b: string): number
  mapping(entries: [key: string, value: unknown][]): unknown
}

const ARRANGEMENTS: Readonly<Record<'yaml' | 'json', Arrangement>> = {
  yaml: { compare: naturally, mapping: (entries) => new Map(entries) },
  json: { compare: (a, b) => (a < b ? -1 : 1), mapping: (entries) => Object.fromEntries(entries) },
}

function arranged(value: unknown, form: Arrangement): unknown {
  if (Array.isArray(value)) return value.map((item) => arranged(item, form))
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([a], [b]) => form.compare(a, b))
  return form.mapping(entries.map(([key, child]) => [key, arranged(child, form)]))
}
