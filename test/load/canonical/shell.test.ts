import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { splitWords } from '../../../src/load/canonical/shell.ts'

/** As `docker compose config` 2.40 splits them. */
const LINES: [line: string, words: string[]][] = [
  ['', []],
  ['  a   b ', ['a', 'b']],
  [`echo "hello world" 'a b' c\\ d`, ['echo', 'hello world', 'a b', 'c d']],
  [`a '' "" b`, ['a', '', '', 'b']],
  [`"a"b'c'`, ['abc']],
  ['a "q\\"r" s', ['a', 'q"r', 's']],
  [`'a\\b'`, ['a\\b']],
  ['a \\n b\\tc "x\\ny"', ['a', 'n', 'btc', 'xny']],
  ['a `x y` z', ['a', '`x y`', 'z']],
  ['echo $(a b) c', ['echo', '$(a b)', 'c']],
  ['a #b', ['a', '#b']],
  ['a "b | c" \'d; e\'', ['a', 'b | c', 'd; e']],
]

for (const [line, words] of LINES) {
  test(`the words of ${JSON.stringify(line)}`, () => assert.equal(splitWords(line), { words }))
}

const OPERATORS: [line: string, words: string[], operator: string][] = [
  ['echo hi && ls', ['echo', 'hi'], '&&'],
  ['echo hi; ls', ['echo', 'hi'], ';'],
  ['a|b', ['a'], '|'],
  ['a 2>x', ['a'], '>'],
]

for (const [line, words, operator] of OPERATORS) {
  test(`${line} ends before its operator`, () => assert.equal(splitWords(line), { words, operator }))
}

for (const line of ['a "b', "a 'b", 'a `b', 'a $(b', 'a (b)', 'a\\']) {
  test(`${line} is unclosed`, () => assert.ok(splitWords(line).unclosed))
}

test('quoted words come back as they were', () => {
  const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`
  fc.assert(
    fc.property(fc.array(fc.string()), (words) => assert.equal(splitWords(words.map(quoted).join(' ')).words, words)),
  )
})

test.run()
