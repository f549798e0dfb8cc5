import { blockOf, inlineOf } from './scalar-text.ts'

/**
 * Prints plain data as YAML that any YAML 1.1 or 1.2 parser reads back unchanged. The style is that of go-yaml, which `docker
 * compose config` uses: literal blocks for strings of several lines, double quotes for strings such as `yes`, `0755` or `1e3`,
 * single quotes for other strings that need quotes. Lines are never folded. Keys keep their order; a Map preserves even that of
 * numeric keys, which an object would put first.
 */
export function dumpYaml(value: unknown, indent = 2): string {
  return `${valueAt(value, 0, { step: indent, lead: '' }).trimStart()}\n`
}

/** The layout of a value: the indentation of mappings, and the text between the value and the key or dash before it. */
interface Position {
  step: number
  lead: string
}

/** A value after its key or dash: on the same line after `lead`, or on the following lines. */
function valueAt(value: unknown, column: number, layout: Position): string {
  if (Array.isArray(value)) return value.length > 0 ? itemsOf(value, column, layout.step) : `${layout.lead}[]`
  const entries = entriesIn(value)
  if (entries) return entries.length > 0 ? entriesOf(entries, column, layout.step) : `${layout.lead}{}`
  if (typeof value !== 'string') return layout.lead + String(value)
  return layout.lead + (blockOf(value, column, layout.step) ?? inlineOf(value))
}

function itemsOf(items: readonly unknown[], column: number, step: number): string {
  return items.map((item) => `\n${' '.repeat(column)}-${compact(item, column, step)}`).join('')
}

/** An item's content starts on the line of its dash. */
function compact(item: unknown, column: number, step: number): string {
  const text = valueAt(item, column + 2, { step, lead: ' ' })
  return isNested(item) ? ` ${text.trimStart()}` : text
}

function entriesOf(entries: readonly [string, unknown][], column: number, step: number): string {
  const inner = column + step - (column % step)
  const lines = entries.map(
    ([key, value]) => `\n${' '.repeat(column)}${inlineOf(key)}:${valueAt(value, inner, { step, lead: ' ' })}`,
  )
  return lines.join('')
}

function isNested(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : (entriesIn(value)?.length ?? 0) > 0
}

function entriesIn(value: unknown): [string, unknown][] | undefined {
  if (value instanceof Map) return [...value]
  return value !== null && typeof value === 'object' ? Object.entries(value) : undefined
}
