import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Diagnostic, error, warning } from '../../../src/diagnostics/diagnostic.ts'
import { NOTHING_SENSITIVE } from '../../../src/stack/sensitive.ts'
import { paletteOf } from '../../../src/view/palette.ts'
import { problemsText } from '../../../src/view/report/problem.ts'
import { widthOf } from '../../../src/view/width.ts'
import { golden } from '../golden.ts'

const SOURCES: Record<string, string> = {
  '/lab/stack.yaml': [
    'services:',
    '  db:',
    '    enviroment:',
    '\t  DB_PASSWORD: hunter2',
    ...Array.from({ length: 7 }, () => '    # filler'),
    `    command: ["${'very '.repeat(30)}long", "--flag"]`,
  ].join('\n'),
  '-': 'name: 日本語 # コメント\n',
}

const span = (file: string, line: number, col: number, endCol: number) => ({ file, line, col, endLine: line, endCol })

const PROBLEMS: Diagnostic[] = [
  error('invalid-value', 'the flag is wrong', { at: span('/lab/stack.yaml', 12, 171, 179) }),
  error('unknown-key', 'unknown key "enviroment"', {
    at: span('/lab/stack.yaml', 3, 5, 15),
    hint: 'did you mean "environment"?',
  }),
  error('wrong-type', 'DB_PASSWORD must be a string', { at: span('/lab/stack.yaml', 4, 17, 24) }),
  warning('port-taken-twice', 'two services publish the host port 80', {
    at: span('/lab/stack.yaml', 2, 3, 5),
    related: [{ message: 'published here too', at: span('/elsewhere/base.yaml', 7, 1, 4) }],
  }),
  error('invalid-value', 'not a name', { at: span('-', 1, 7, 10) }),
  error('engine-unreachable', 'no engine answers', { hint: 'start it' }),
]

const STYLE = {
  palette: paletteOf({ colours: 0 }),
  columns: 70,
  wrapAt: Infinity,
  sensitive: NOTHING_SENSITIVE,
  sourceOf: (file: string) => SOURCES[file],
  workingDirectory: '/lab',
}

test('problems are shown in order with their lines, marks, hints and a count', () => {
  golden(import.meta.dirname, 'problems.txt', problemsText(PROBLEMS, STYLE))
})

test('the order of problems does not depend on the order in which they were found', () => {
  assert.is(problemsText([...PROBLEMS].reverse(), STYLE), problemsText(PROBLEMS, STYLE))
})

test('colours change nothing but colours', () => {
  const coloured = problemsText(PROBLEMS, { ...STYLE, palette: paletteOf({ colours: 1 }) })
  assert.match(coloured, '\u001b[31m')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with it
  assert.is(coloured.replace(/\u001b\[[\d;]*m/g, ''), problemsText(PROBLEMS, STYLE))
})

test('secret values are taken out of lines, and leave the words of problems alone', () => {
  const sensitive = { values: new Set(['enviroment']), paths: new Set<string>() }
  const text = problemsText(PROBLEMS, { ...STYLE, sensitive })
  assert.match(text, 'unknown key "enviroment"')
  assert.not.match(text.replaceAll('key "enviroment"', ''), 'enviroment')
})

test('no problems are no text, and one problem needs no count', () => {
  assert.is(problemsText([], STYLE), '')
  assert.is(problemsText([error('locked', 'in use')], STYLE), 'error[locked]: in use\n')
})

const WORD = fc
  .array(fc.constantFrom('a', 'bc', '.', '日', 'e\u0301'), { minLength: 1, maxLength: 8 })
  .map((all) => all.join(''))
const SENTENCE = fc.array(WORD, { minLength: 1, maxLength: 25 }).map((words) => words.join(' '))
const LINE = fc.integer({ min: 1, max: 3 })
const AT = fc.record({ line: LINE, from: fc.integer({ min: 1, max: 40 }), length: fc.integer({ min: 0, max: 90 }) })
const PROBLEM = fc
  .record({ message: SENTENCE, hint: SENTENCE, note: SENTENCE, at: AT, related: AT })
  .map(({ message, hint, note, at, related }) => {
    const place = ({ line, from, length }: typeof at) => span('/lab/w.yaml', line, from, from + length)
    return error('invalid-value', message, { hint, at: place(at), related: [{ message: note, at: place(related) }] })
  })

test('on a terminal, no line but a place is wider, unless one word is, and the words are those of a pipe', () => {
  const COLUMNS = fc.integer({ min: 20, max: 200 })
  fc.assert(
    fc.property(
      fc.array(PROBLEM, { maxLength: 3 }),
      fc.array(SENTENCE, { minLength: 3 }),
      COLUMNS,
      (found, source, columns) => {
        const style = { ...STYLE, columns, sourceOf: () => source.join('\n') }
        const text = problemsText(found, { ...style, wrapAt: columns })
        const lines = text.split('\n').filter((line) => !line.includes('-->'))
        for (const line of lines) assert.ok(widthOf(line) <= columns || !line.trim().includes(' '), line)
        assert.equal(text.split(/\s+/), problemsText(found, style).split(/\s+/))
      },
    ),
  )
})

test.run()
