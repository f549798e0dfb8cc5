import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { shellCommand } from '../../src/diagnostics/own-command.ts'
import { pairs, prose } from '../../src/view/prose.ts'
import { widthOf } from '../../src/view/width.ts'

const WORD = fc
  .array(fc.constantFrom('a', 'bc', '-', ',', '"', '日', 'e\u0301', '😀'), { minLength: 1, maxLength: 12 })
  .map((all) => all.join(''))
const SENTENCE = fc.array(WORD, { minLength: 1, maxLength: 30 })
const COLUMNS = fc.integer({ min: 20, max: 200 })
const LEFT = fc.integer({ min: 0, max: 18 })

const text = (lines: string) =>
  lines
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join(' ')

test('no line is wider than the terminal unless one word is, and joining the lines gives back the text', () => {
  fc.assert(
    fc.property(SENTENCE, COLUMNS, LEFT, LEFT, (words, columns, taken, indent) => {
      const label = 'x'.repeat(taken)
      const lines = `${label}${prose(words.join(' '), { columns, taken, indent })}`
      for (const line of lines.split('\n')) assert.ok(widthOf(line) <= columns || !line.trim().includes(' '), line)
      assert.is(text(lines).replace(/^x* ?/, ''), words.join(' '))
    }),
  )
})

test('lines are filled: the first word of a line has no room on the line above', () => {
  fc.assert(
    fc.property(SENTENCE, COLUMNS, LEFT, (words, columns, indent) => {
      const lines = prose(words.join(' '), { columns, indent }).split('\n')
      for (const [at, line] of lines.entries()) {
        const [next = ''] = (lines[at + 1] ?? '').trim().split(' ')
        assert.ok(next === '' || widthOf(`${line} ${next}`) > columns)
      }
    }),
  )
})

test('a text for a pipe, and one that fits, stays as it is', () => {
  fc.assert(
    fc.property(fc.string(), COLUMNS, LEFT, (any, columns, indent) => {
      assert.is(prose(any, { columns: Infinity, indent }), any)
      if (any.split('\n').every((line) => widthOf(line) <= columns)) assert.is(prose(any, { columns, indent }), any)
    }),
  )
})

const COMMAND = fc.array(WORD, { minLength: 2, maxLength: 8 }).map((words) => words.join(' '))

test('a command is on one line; one to copy is alone there if it has no room on the line where it is named', () => {
  const MARK = fc.constantFrom(shellCommand, (command: string) => `\`${command}\``)
  fc.assert(
    fc.property(SENTENCE, COMMAND, MARK, SENTENCE, COLUMNS, LEFT, (before, command, mark, after, columns, indent) => {
      const shown = prose(mark(command), { columns: Infinity })
      const place = { columns, taken: indent, indent }
      const lines = prose([...before, mark(command), ...after].join(' '), place).split('\n')
      const at = lines.findIndex((line) => line.includes(shown))
      const [line = '', above] = [lines[at]?.trim(), lines[at - 1]]
      assert.ok(line === shown || widthOf(lines[at] ?? '') <= columns)
      const isMoved = line.startsWith(shown) && widthOf(`${above} ${shown}`) > columns
      assert.ok(mark !== shellCommand || !isMoved || line === shown)
      assert.is(text(lines.join('\n')), [...before, shown, ...after].join(' '))
    }),
  )
})

test('a number and its unit are on one line', () => {
  const UNITS = fc.array(fc.constantFrom('2.5 s', '3 min', 'in', '12 MB', '7 of'), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(UNITS, COLUMNS, (words, columns) => {
      const lines = prose(words.join(' '), { columns }).split('\n')
      for (const line of lines) assert.not.match(line, /^(?:s|min|MB)\b/)
    }),
  )
})

test('two columns lose nothing, and are within the terminal unless one word is not', () => {
  const ROWS = fc.array(fc.tuple(WORD, SENTENCE), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(ROWS, COLUMNS, (rows, columns) => {
      const lines = pairs(
        rows.map(([term, words]) => [term, words.join(' ')]),
        columns,
      ).map((line) => `  ${line}`)
      for (const line of lines) assert.ok(widthOf(line) <= columns || !/\S\s\S/.test(line.trim()), line)
      assert.equal(
        lines.join(' ').split(/\s+/).filter(Boolean),
        rows.flatMap(([term, words]) => [term, ...words]),
      )
    }),
  )
})

test.run()
