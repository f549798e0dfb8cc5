import { oneLine, visible } from '../redact/visible.ts'
import { Float } from './node.ts'
import { tabulated } from './tabs.ts'
import { Template } from './template.ts'
import { tokensOf } from './token.ts'
import { isList, Row, Struct, type Value } from './value.ts'

/** What docker's `--format` of a list can be, beside a template. */
export interface RowList {
  /** By the name of a field. */
  headings: Readonly<Record<string, string>>
  /** What `table` alone stands for. */
  table: string
  /** What `raw` stands for, where that is a word. */
  raw?: string
}

const TABLE = 'table'

/**
 * A `--format` of a list as docker reads it: `table`, `json`, `raw`, `table TEMPLATE` or `TEMPLATE`, with a line for each row. Throws
 * StackError if it cannot be read.
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

  /** Whether the rows' field may be printed. */
  uses(field: string): boolean {
    const tokens = tokensOf(this.#source)
    return tokens.some(({ text, kind }) => kind !== 'text' && (text === `.${field}` || text === '.' || text === '$'))
  }

  /** With a table's headings, also where there is no row. */
  text(rows: readonly Row[]): string {
    if (!this.#isTable) return visible(rows.map((row) => `${this.#template.text(row)}\n`).join(''))
    const body = rows.map((row) => `${this.#template.text(oneLined(row))}\n`).join('')
    return visible(tabulated(`${this.#template.heading(headingRow(this.list.headings))}\n${body}`))
  }
}

function headingRow(headings: Readonly<Record<string, string>>): Row {
  return new Row(headings, { Label: (name) => labelHeading(String(name)) }, true)
}

/** The last part of a label's name. */
function labelHeading(name: string): string {
  return (name.split('.').at(-1) ?? '').replace(/[-_]/g, ' ')
}

/** Tabs and line ends within values would be cells and rows. */
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
