import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { StackError } from '../../../src/diagnostics/checked.ts'
import { RowFormat, type RowList } from '../../../src/view/template/row-format.ts'
import { tabulated } from '../../../src/view/template/tabs.ts'
import { Row, Struct } from '../../../src/view/template/value.ts'

const LIST: RowList = {
  headings: { Name: 'NAME', Service: 'SERVICE', State: 'STATE', ID: 'CONTAINER ID' },
  table: '{{.Name}}\t{{.State}}',
}

const port = (URL: string) => new Struct({ URL, TargetPort: 80, PublishedPort: 18_765, Protocol: 'tcp' })
const ROW = new Row(
  {
    ...{ Name: 'tpl-web-1', Service: 'web', State: 'running', Health: '', ExitCode: 0 },
    Publishers: [port('0.0.0.0'), port('::')],
  },
  {
    Label: (name, ...more) => {
      if (typeof name !== 'string' || more.length > 0) throw new Error('.Label needs a name')
      return { z: '1', 'a.b-c_d': '<x> & y' }[name] ?? ''
    },
  },
)

/** The text, or null where the format is refused; with the column that the message names. */
function said(format: string): { text: string | null; column?: number } {
  try {
    return { text: new RowFormat(format, LIST).text([ROW]) }
  } catch (thrown) {
    if (!(thrown instanceof StackError)) throw thrown
    return { text: null, column: Number(/column (\d+)/.exec(thrown.diagnostics[0]?.message ?? '')?.[1]) }
  }
}

/** What `docker compose` 2.40 says of one container. */
const RECORDED: [format: string, text: string | null][] = JSON.parse(
  readFileSync(join(import.meta.dirname ?? '', 'recorded.json'), 'utf8'),
)

for (const [format, text] of RECORDED)
  test(`${format} is evaluated as docker compose does`, () => assert.is(said(format).text, text))

const PIECES = [
  ...['{{', '}}', '{{-', '-}}', ' ', '.', '.Name', '.Publishers', '.Foo', '$', '$x', ':=', '=', '|', '(', ')', ','],
  ...[
    '"a"',
    '`b`',
    '"',
    "'c'",
    '1',
    '-2',
    '1.5',
    '0x1',
    'nil',
    'true',
    'eq',
    'len',
    'index',
    'slice',
    'printf',
    '"%d"',
  ],
  ...['if', 'else', 'end', 'range', 'with', 'break', 'continue', 'template', '/*', '*/', '\\n', '\\t', 'text', 'json'],
  ...['table ', 'é', '😀', '\u001b[31m', 'pad', 'truncate', 'split', 'join', '"%*d"', '999999999'],
]
const ANYTHING = fc
  .array(fc.constantFrom(...PIECES, '{{', '}}', '{{', '}}', ' ', ' '), { maxLength: 25 })
  .map((all) => all.join(''))

test('whatever is written, there is a text without escapes, or a message that names a column of it', () => {
  fc.assert(
    fc.property(ANYTHING, (format) => {
      const { text, column } = said(format)
      if (text === null) assert.ok(column !== undefined && column >= 1 && column <= format.length + 1, `${column}`)
      else assert.not.match(text, '\u001b')
    }),
    { numRuns: 2000 },
  )
})

test('text without actions is itself, once a row', () => {
  const words = fc.stringMatching(/^[a-z}.:-]{1,20}$/).filter((text) => !/^(table|json|raw)/.test(text))
  fc.assert(
    fc.property(words, (text) => {
      assert.is(new RowFormat(text, LIST).text([ROW, ROW]), `${text}\n${text}\n`)
      assert.is(new RowFormat(text, LIST).text([]), '')
    }),
  )
})

const VALUE = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean())

test('a value goes through json and back, and two are equal to themselves alone', () => {
  fc.assert(
    fc.property(VALUE, VALUE, (a, b) => {
      const literal = (value: unknown) => new Row({ V: value as string, W: b })
      const text = (format: string) => new RowFormat(format, LIST).text([literal(a)]).slice(0, -1)
      assert.equal(JSON.parse(text('{{json .V}}')), a)
      if (typeof a === typeof b) assert.is(text('{{eq .V .W}}'), String(a === b))
      assert.is(text('{{if .V}}1{{else}}0{{end}}'), a ? '1' : '0')
      assert.is(text('{{not .V}}'), String(!a))
    }),
  )
})

test('a table has a column for each tab, as wide in each line', () => {
  const cell = fc.stringMatching(/^[a-zé日]{0,15}$/)
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), (rows) => {
      const lines = tabulated(rows.map(([first]) => `${first}\t|`).join('\n')).split('\n')
      const starts = new Set(lines.map((line) => [...line].reduce((sum, each) => sum + (/[日]/.test(each) ? 2 : 1), 0)))
      assert.is(starts.size, 1)
      assert.equal(
        lines.map((line) => line.slice(0, -1).trimEnd()),
        rows.map(([first]) => first),
      )
    }),
  )
})

test('tabs and line ends of values make no cells and rows of a table', () => {
  const row = new Row({ Name: 'a\tb\nc', State: '\u001b[31m' }, { Label: () => 'x\ny' })
  const text = new RowFormat('table {{.Name}}\t{{.State}}\t{{.Label "l"}}', LIST).text([row])
  assert.is(text.split('\n').length, 3)
  assert.match(text, /^NAME +STATE +l\na b c +␛\[31m +x y\n$/)
})

test('a template that would not end, or print too much, is refused', () => {
  for (const format of ['{{range 999999999}}{{end}}', '{{range 9999999}}x{{end}}', `${'{{if 1}}'.repeat(5000)}`]) {
    assert.is(said(format).text, null)
  }
  assert.is(said(`{{${'('.repeat(5000)}`).text, null)
  assert.is(said('{{range 10000}}{{printf "%09999d" 1}}{{end}}').text, null)
})

test('a format knows which fields it may print', () => {
  const uses = (format: string) => new RowFormat(format, LIST).uses('Command')
  assert.equal(['json', '{{.Command}}', '{{$.Command}}', '{{.}}'].map(uses), [true, true, true, true])
  assert.equal(['table', '.Command', '{{.Name}}'].map(uses), [false, false, false])
})

test.run()
