import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseDotenv } from '../../../src/load/variable/dotenv.ts'

const lookup = (name: string) => ({ HOME: '/root', TOKEN: 'from-env' })[name]

function values(text: string, options: { raw?: boolean } = {}): Record<string, string> {
  const result = parseDotenv(text, '.env', lookup, options)
  if (!result.ok) throw new Error(result.diagnostics.map((each) => each.message).join('; '))
  return Object.fromEntries([...result.value].map(([key, { value }]) => [key, value]))
}

// Checked against `docker compose --env-file … config --environment` (2.40).
const cases: [string, Record<string, string>][] = [
  ['A=1\nB=2\n', { A: '1', B: '2' }],
  ['A=1', { A: '1' }],
  ['A=x # y\n', { A: 'x' }],
  ['A=x#y\n', { A: 'x#y' }],
  ['A=#x\n', { A: '#x' }],
  ['A=x\t#y\n', { A: 'x\t#y' }],
  ["A='x' # y\n", { A: 'x' }],
  ['A="#x" # y\n', { A: '#x' }],
  ['A="x\\ny"\n', { A: 'x\ny' }],
  ["A='x\\ny'\n", { A: 'x\\ny' }],
  ['A="a\\\\b"\n', { A: 'a\\b' }],
  ['A="\\$HOME"\n', { A: '$HOME' }],
  ["A='it\\'s'\n", { A: "it's" }],
  ['A="\\t\\q\\x"\n', { A: '\t\\q\\x' }],
  ['A="\\0123"\n', { A: 'S' }],
  ['A="\\\'"\n', { A: "\\'" }],
  ['A: yes\n', { A: 'yes' }],
  ['export A=1\n', { A: '1' }],
  ['exportA=1\n', { exportA: '1' }],
  ['A = 1\n', { A: '1' }],
  ['A\n', {}],
  ['HOME\nB=1\n', { HOME: '/root', B: '1' }],
  ['export HOME', { HOME: '/root' }],
  ['B=1\nA=${B}2\n', { B: '1', A: '12' }],
  ["B=1\nA='${B}'\n", { B: '1', A: '${B}' }],
  ['A=${NOPE:-d}\n', { A: 'd' }],
  ['A=$$x\n', { A: '$x' }],
  ['A="$$x"\n', { A: '$x' }],
  ['A=a b  \n', { A: 'a b' }],
  ['A-B.C[0]=1\n', { 'A-B.C[0]': '1' }],
  ['A="multi\nline"\nB=2\n', { A: 'multi\nline', B: '2' }],
  ['A="a\\\n b"\n', { A: 'a\\\n b' }],
  ['A=x\r\nB="y"\r\nC\r\n', { A: 'x', B: 'y' }],
  ['\uFEFFA=1\n', { A: '1' }],
  ['A=\nB=""\n', { A: '', B: '' }],
  ['A=1\nA=2\n', { A: '2' }],
  ['A=a=b\nB=a: b\n', { A: 'a=b', B: 'a: b' }],
  ['HOME=/x\nA=$HOME\n', { HOME: '/x', A: '/root' }],
  ['A="${B:-\\"q\\"}"\n', { A: '"q"' }],
  ['# c\n\nA=1\n  # d\n', { A: '1' }],
  ['A= x\n', { A: 'x' }],
  ['é=1\n', { é: '1' }],
]

test('env files mean what docker compose takes them for', () => {
  for (const [text, expected] of cases) assert.equal(values(text), expected, JSON.stringify(text))
})

test('any value survives in double quotes, and any without quotes and escapes in single ones', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      const escaped = value.replace(/[\\"$]/g, '\\$&')
      assert.equal(values(`A="${escaped}"\nB=1\n`), { A: value, B: '1' })
      const plain = value.replace(/[\\']/g, '')
      assert.equal(values(`A='${plain}'\nB=1\n`), { A: plain, B: '1' })
    }),
  )
})

test('the raw format takes everything behind the first =', () => {
  assert.equal(values('# c\nA="x" # y\nB=$HOME\\n\n\nC= d \r\nHOME\nE=a=b\n', { raw: true }), {
    A: '"x" # y',
    B: '$HOME\\n',
    C: ' d ',
    HOME: '/root',
    E: 'a=b',
  })
})

const broken: [string, string[]][] = [
  ['A b=1\n', ['env-file-syntax 1:2']],
  ['A$=1\n', ['env-file-syntax 1:2']],
  ['OK=1\nA="x\nB=1\n', ['env-file-syntax 2:3']],
  ["A='x\n", ['env-file-syntax 1:3']],
  ['A=${B\n', ['interpolation-syntax 1:3']],
  ['A=1 ${X:?bad}\n', ['variable-required 1:5']],
  ['A b=1\nB=2\n  C D=3\n', ['env-file-syntax 1:2', 'env-file-syntax 3:4']],
]

test('every broken line is reported with its place', () => {
  for (const [text, expected] of broken) {
    const result = parseDotenv(text, '.env', lookup)
    assert.not.ok(result.ok, text)
    const found = result.ok ? [] : result.diagnostics.map(({ code, at }) => `${code} ${at?.line}:${at?.col}`)
    assert.equal(found, expected, JSON.stringify(text))
  }
})

test('a variable that is not set is a warning, once', () => {
  const result = parseDotenv('A=$NOPE\nB=$NOPE ${NADA}\n', '.env', lookup)
  assert.equal(result.ok && result.warnings.map(({ code, at }) => `${code} ${at?.line}:${at?.col}`), [
    'variable-unset 1:3',
    'variable-unset 2:9',
  ])
})

test('the span of a variable covers its assignment', () => {
  const result = parseDotenv('# c\n  export A="x\ny" # z\nB=1 # c\n', '.env', lookup)
  assert.equal(result.ok && [...result.value.values()].map(({ at }) => [at.line, at.col, at.endLine, at.endCol]), [
    [2, 10, 3, 3],
    [4, 1, 4, 4],
  ])
})

test('no text makes it throw', () => {
  const pieces = fc.array(
    fc.constantFrom('A', '=', ':', '"', "'", '\\', '\n', ' ', '#', '$', '${', '}', 'export ', '\r', '\t'),
  )
  fc.assert(
    fc.property(pieces, (parts) => void parseDotenv(parts.join(''), '.env', lookup)),
    { numRuns: 500 },
  )
})

test.run()
