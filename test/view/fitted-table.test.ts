import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { PS_LIST, PS_LOSSES } from '../../src/command/look/ps-row.ts'
import { STATS_COLUMNS, STATS_LIST, STATS_LOSSES } from '../../src/command/look/stats/row.ts'
import { fittedTable, type Loss } from '../../src/view/fitted-table.ts'
import { table } from '../../src/view/table.ts'
import { widthOf } from '../../src/view/width.ts'

const headingsOf = ({ headings }: typeof PS_LIST, fields: readonly string[]) =>
  fields.map((field) => headings[field] ?? '')
const PS = headingsOf(PS_LIST, ['Name', 'Image', 'Command', 'Service', 'RunningFor', 'Status', 'Ports', 'Engine'])
const PORTS = PS.indexOf('PORTS')

const TABLES: [headings: string[], losses: readonly Loss[]][] = [
  [PS, PS_LOSSES],
  [headingsOf(STATS_LIST, STATS_COLUMNS), STATS_LOSSES],
  [['DRIVER', 'VOLUME NAME'], [['drop', 'DRIVER']]],
  [['NAME', 'STATUS', 'CONFIG FILES'], []],
]

const CELL = fc.oneof(
  fc.string({ maxLength: 50 }),
  fc
    .array(fc.constantFrom('a', '日', 'e\u0301', '😀', '\n', '\u001b[31m'), { maxLength: 30 })
    .map((all) => all.join('')),
)
const WIDTH = fc.integer({ min: 40, max: 300 })
const rowsOf = (headings: readonly string[]) =>
  fc.array(fc.array(CELL, { minLength: headings.length, maxLength: headings.length }), { maxLength: 5 })
const WHICH = fc
  .constantFrom(...TABLES)
  .chain(([headings, losses]) => rowsOf(headings).map((rows) => ({ headings, losses, rows })))

test('no line is wider than the terminal, no row is lost, and a table that fits is as in a pipe', () => {
  fc.assert(
    fc.property(WHICH, WIDTH, ({ headings, losses, rows }, columns) => {
      const lines = fittedTable(headings, rows, { columns, losses }).split('\n')
      const whole = table(headings, rows)
      assert.is(lines.length, whole.split('\n').length)
      assert.ok(lines.every((line) => widthOf(line) <= columns))
      if (whole.split('\n').every((line) => widthOf(line) <= columns)) assert.is(lines.join('\n'), whole)
    }),
  )
})

const word = (maxLength: number) => fc.stringMatching(/^[a-z0-9:/>.-]+$/, { maxLength })

test('ps shows names whole if they fit at all, and ports whole if they fit beside the names', () => {
  const row = fc.tuple(...PS.map((_, at) => (at === 0 || at === PORTS ? word(40) : word(60))))
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), WIDTH, (rows, columns) => {
      const lines = fittedTable(PS, rows, { columns, losses: PS_LOSSES }).split('\n')
      const widest = (at: number) => Math.max(widthOf(PS[at] ?? ''), ...rows.map((cells) => widthOf(cells[at] ?? '')))
      const holds = (at: number) =>
        rows.every((cells, index) => lines[index + 1]?.split(/ +/).includes(cells[at] ?? ''))
      assert.ok(holds(0))
      if (widest(0) + 2 + widest(PORTS) <= columns) assert.ok(holds(PORTS))
    }),
  )
})

test('ps shows states beside ports that are cut', () => {
  const row = (name: string, ports: string) =>
    PS.map((heading) => ({ NAME: name, STATUS: 'Up 12 seconds', PORTS: ports })[heading] ?? 'x'.repeat(20))
  const rows = [row('lab-db-1', ''), row('lab-web-1', '0.0.0.0:18080->80/tcp, [::]:18080->80/tcp')]
  const text = fittedTable(PS, rows, { columns: 50, losses: PS_LOSSES })
  assert.match(text, 'STATUS')
  assert.match(text, '0.0.0.0:18080->')
})

test('spare width goes to the columns that were cut', () => {
  const rows = [['shop-web-1', 'x'.repeat(30), '']]
  const losses: Loss[] = [
    ['cut', 'IMAGE'],
    ['drop', 'IMAGE'],
  ]
  const text = fittedTable(['NAME', 'IMAGE', 'PORTS'], rows, { columns: 40, losses })
  assert.equal(text.split('\n').map(widthOf), [40, 35, 0])
})

test.run()
