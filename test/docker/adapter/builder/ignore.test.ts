import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseIgnore } from '../../../../src/docker/adapter/builder/ignore.ts'

/** Lines of the ignore file, a path, whether it is left out. */
const CASES: [string[], string, boolean][] = [
  [['node_modules'], 'node_modules', true],
  [['node_modules'], 'node_modules/a/b.js', true],
  [['node_modules'], 'src/node_modules', false],
  [['**/node_modules'], 'src/node_modules/x', true],
  [['**/node_modules'], 'node_modules', true],
  [['/a'], 'a', true],
  [['a/'], 'a/b', true],
  [['./a/../b'], 'b', true],
  [['*.md'], 'README.md', true],
  [['*.md'], 'docs/README.md', false],
  [['**/*.md'], 'docs/deep/README.md', true],
  [['*/temp*'], 'a/temporary.txt', true],
  [['*/temp*'], 'a/b/temporary.txt', false],
  [['temp?'], 'tempa', true],
  [['temp?'], 'temp', false],
  [['file[0-2]'], 'file1', true],
  [['file[0-2]'], 'file3', false],
  [['file[^0-2]'], 'file3', true],
  [['a/**'], 'a/b/c', true],
  [['a/**'], 'a', false],
  [['a/**/c'], 'a/c', true],
  [['a/**/c'], 'a/x/y/c', true],
  [['**'], 'anything/at/all', true],
  [['*'], 'a/b', true],
  [['*', '!keep'], 'keep', false],
  [['*', '!keep'], 'keep/b', false],
  [['*', '!a/keep'], 'a/other', true],
  [['*', '!a/keep'], 'a/keep', false],
  [['*.md', '!README*.md', 'README-secret.md'], 'README-secret.md', true],
  [['*.md', '!README*.md', 'README-secret.md'], 'README.md', false],
  [['*.md', 'README-secret.md', '!README*.md'], 'README-secret.md', false],
  [['# a', '', '  b  '], 'a', false],
  [['# a', '', '  b  '], 'b', true],
  [['a.b'], 'axb', false],
  [['\\*'], '*', true],
  [['\\*'], 'a', false],
  [['! a'], 'a', false],
  [['a+(b)'], 'a+(b)', true],
  [['!'], 'a', false],
  [['\uFEFFa'], 'a', true],
]

for (const [lines, path, expected] of CASES) {
  test(`${JSON.stringify(lines)} ${expected ? 'leaves out' : 'sends'} ${path}`, () => {
    assert.is(parseIgnore(lines.join('\n')).ignores(path), expected)
  })
}

test('a malformed pattern is named', () => {
  assert.throws(() => parseIgnore('a\nb[z-a]'), /b\[z-a\]/)
})

test('a folder is looked into as long as an exception may be in it', () => {
  const ignore = parseIgnore('*\n!a/*/keep\n!**/deep')
  assert.is(ignore.mayKeepBelow('a'), true)
  assert.is(ignore.mayKeepBelow('a/b'), true)
  const without = parseIgnore('*\n!a/keep')
  assert.is(without.mayKeepBelow('a'), true)
  assert.is(without.mayKeepBelow('b'), false)
  assert.is(parseIgnore('*').mayKeepBelow('a'), false)
})

test.run()
