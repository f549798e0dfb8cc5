import { oneLine, visible } from '../redact/visible.ts'
import { Float } from './node.ts'
import { tabulated } from './tabs.ts'
import { Template } from './template.ts'
import { tokensOf } from './token.ts'
import { isList, Row, Struct, type Value } from './value.ts'

/** The options of docker's `--format` for a list, besides a template. */
export interface RowList {
  /** Headings by field name. */
  headings: Readonly<Record<string, string>>
  /** The template behind `table` alone. */
  table: string
  /** The template behind `raw`, if the list supports that. */
  raw?: string
}

const TABLE = 'table'

/**
 * The `--format` of a list in docker's syntax: `table`, `json`, `raw`, `table TEMPLATE` or `TEMPLATE`, with one line per row. Throws
 * a StackError if it is invalid.
 */
export class RowFormat {
  readonly #source: string
  readonly #template: Template
  readonly #isTable: boolean

  constructor(
    format: string,
    private readonly list: RowList,
    flag = '--format',
  ) {
    const text = format === TABLE ? `${TABLE} ${list.table}` : format
    this.#isTable = text.startsWith(TABLE)
    const rest = this.#isTable ? text.slice(TABLE.length) : this.#meant(text)
    this.#source = rest.replace(/^ +| +$/g, '')
    this.#template = new Template(this.#source, flag, text.indexOf(this.#source))
  }

  #meant(text: string): string {
    if (text === 'json') return '{{json .}}'
    return text === 'raw' && this.list.raw !== undefined ? this.list.raw : text
  }

  /** Whether the format may print a field. */
  uses(field: string): boolean {
    const tokens = tokensOf(this.#source)
    return tokens.some(({ text, kind }) => kind !== 'text' && (text === `.${field}` || text === '.' || text === '$'))
  }

  /** Formats the rows; a table has its headings even without rows. */
  text(rows: readonly Row[]): string {
    if (!this.#isTable) return visible(rows.map((row) => `${this.#template.text(row)}\n`).join(''))
    const body = rows.map((row) => `${this.#template.text(oneLined(row))}\n`).join('')
    return visible(tabulated(`${this.#template.heading(headingRow(this.list.headings))}\n${body}`))
  }
}

function headingRow(headings: Readonly<Record<string, string>>): Row {
  return new Row(headings, { Label: (name) => labelHeading(String(name)) }, true)
}

/** The heading of a label: the last part of its name. */
function labelHeading(name: string): string {
  return (name.split('.').at(-1) ?? '').replace(/[-_]/g, ' ')
}

/** Replaces tabs and line ends within values, which would start new cells and rows. */
function oneLined(row: Row): Row {
  const fields = Object.entries(row.fields).map(([name, value]) => [name, valueOnLine(value)])
  const methods = Object.entries(row.methods).map(([name, method]) => {
    return [name, (...args: Value[]) => valueOnLine(method(...args))] as const
  })
  return new Row(Object.fromEntries(fields), Object.fromEntries(methods))
}

function valueOnLine(value: Value): Value {
  if (typeof value === 'string') return oneLine(value)
  if (isList(value)) return value.map(valueOnLine)
  if (!(value instanceof Struct) || value instanceof Float) return value
  return new Struct(Object.fromEntries(Object.entries(value.fields).map(([name, each]) => [name, valueOnLine(each)])))
}
