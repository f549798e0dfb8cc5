import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Diagnostic, error, warning } from '../../../src/diagnostics/diagnostic.ts'
import { NOTHING_SENSITIVE } from '../../../src/stack/sensitive.ts'
import { paletteOf } from '../../../src/view/palette.ts'
import { problemsText } from '../../../src/view/report/problem.ts'
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

test.run()
