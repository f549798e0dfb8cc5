import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withFooter } from '../../../src/cli/terminal/footer.ts'
import { isInForeground } from '../../../src/cli/terminal/foreground.ts'
import { keysIn } from '../../../src/cli/terminal/keys.ts'
import { List } from '../../../src/cli/terminal/list.ts'
import { widthOf } from '../../../src/view/width.ts'

const NAMES = ['a', 'b', 'c', 'd', 'e']
const list = (names = NAMES) =>
  new List(
    'Which?',
    names.map((name) => ({ name, about: `about ${name}` })),
  )

test('a law: keys are taken apart, and nothing is lost', () => {
  const key = fc.constantFrom('\u001b[A', '\u001bOB', '\u001b[1;5C', '\u001b[3~', 'a', ' ', '\r', 'ä', '😀')
  fc.assert(fc.property(fc.array(key), (keys) => assert.equal(keysIn(keys.join('')), keys)))
})

test('a law: whatever is pressed, what is drawn fits the terminal, and the marked item is on it', () => {
  const key = fc.constantFrom('\u001b[A', '\u001bOB', '\t', 'b', 'e', ' ', 'x')
  fc.assert(
    fc.property(
      fc.array(key),
      fc.integer({ min: 3, max: 12 }),
      fc.integer({ min: 8, max: 60 }),
      (keys, rows, columns) => {
        const shown = list()
        for (const each of keys) assert.is(shown.press(each), undefined)
        const lines = shown.lines(columns, rows)
        assert.ok(lines.length <= rows && lines.every((line) => widthOf(line) < columns))
        assert.is(lines.filter((line) => line.startsWith('>')).length, 1)
      },
    ),
  )
})

test('enter gives what is selected, in the order of the list, or else the marked item', () => {
  const cases: [keys: string[], names: string[]][] = [
    [['\r'], ['a']],
    [['\t', '\n'], ['b']],
    [
      ['\u001b[A', ' ', '\t', ' ', '\r'],
      ['a', 'e'],
    ],
    [[' ', ' ', '\t', '\r'], ['b']],
    [['\u001b'], []],
    [[' ', '\u0004'], []],
  ]
  for (const [keys, names] of cases) {
    const chosen = list()
    assert.equal(keys.map((key) => chosen.press(key)).at(-1), names)
  }
})

test('a law: a name that is typed is marked, wherever the mark was, and enter says that it takes it', () => {
  const names = ['mysql', 'mariadb', 'postgres', 'postgis']
  const typed = fc.constantFrom(...names)
  fc.assert(
    fc.property(fc.array(fc.constantFrom('\t', 'm', 'p', 'x', '4')), typed, (before, name) => {
      const shown = list(names)
      for (const key of [...before, '\u001b[A', '\u001b[B']) shown.press(key)
      for (const letter of name) shown.press(letter)
      const marked = shown.lines(80, 24).find((line) => line.startsWith('>'))
      const [, taken] = /enter takes (\w+)/.exec(shown.lines(80, 24)[0] ?? '') ?? []
      assert.equal(shown.press('\r'), [taken])
      assert.is(taken, name)
      assert.match(marked ?? '', `] ${taken} `)
    }),
  )
})

test('a letter that is typed again goes on to the next name that begins with it; one that begins none changes nothing', () => {
  const shown = list(['mysql', 'redis', 'mariadb', 'mongo'])
  const marked = (key: string) => {
    shown.press(key)
    return /^> \[ \] (\w+)/m.exec(shown.lines(80, 24).join('\n'))?.[1]
  }
  assert.equal([...'mmmqr'].map(marked), ['mariadb', 'mongo', 'mysql', 'mysql', 'redis'])
})

test('a law: a terminal shows what is printed as without a line below it, and that line at its end', () => {
  const text = fc.array(fc.constantFrom('one\n', 'two', '\n', 'three\nfour\n'))
  fc.assert(
    fc.property(text, (texts) => {
      const written: string[] = []
      const output = {
        isTTY: true,
        columns: () => 12,
        rows: () => 5,
        colours: 0 as const,
        write: (each: string) => written.push(each),
      }
      const { out, err } = withFooter({
        out: { ...output, write: (each) => void output.write(each) },
        err: { ...output, write: (each) => void output.write(each) },
      })
      out.footer?.((columns) => 'the line that is below'.slice(0, columns - 1))
      for (const [at, each] of texts.entries()) (at % 2 ? out : err).write(each)
      const shown = screenOf(written.join(''))
      const plain = texts.join('')
      assert.is(shown, plain === '' || plain.endsWith('\n') ? `${plain}the line th` : plain)
      out.footer?.(undefined)
      assert.is(screenOf(written.join('')), plain)
    }),
  )
})

/** What stays after each erased line. */
function screenOf(text: string): string {
  return text
    .split('\n')
    .map((line) => line.split('\r\u001b[2K').at(-1))
    .join('\n')
}

test('an output that is no terminal has no line below', () => {
  const output = { isTTY: false, columns: () => 80, rows: () => 24, colours: 0 as const, write: () => undefined }
  assert.is(withFooter({ out: output, err: output }).out.footer, undefined)
})

test('a process without a terminal is not in the foreground of one', () => {
  assert.type(isInForeground(process.pid), 'boolean')
  assert.not.ok(isInForeground(2 ** 30))
})

test.run()
