import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { interpolate } from '../../../src/load/variable/interpolate.ts'
import { substitute } from '../../../src/load/variable/substitute.ts'
import { variablesIn } from '../../../src/load/variable/variable-use.ts'
import { variablesOf } from '../../../src/load/variable/variables.ts'
import { parseYaml } from '../../../src/yaml/parse.ts'
import { get, type Tree, toData } from '../../../src/yaml/tree.ts'

const ENVIRONMENT = { A: 'av', E: '', Ab: 'abv', DB_PASSWORD: 'hunter22' }
const lookup = (name: string) => (ENVIRONMENT as Record<string, string>)[name]

function parse(text: string): Tree {
  const result = parseYaml(text, 'f.yaml')
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.value
}

// What `docker compose config` (2.40) makes of them with A=av, E= and U unset.
const values: [string, string][] = [
  ['$A', 'av'],
  ['${A}x$A', 'avxav'],
  ['$Ab', 'abv'],
  ['${A}_B', 'av_B'],
  ['${U:-d}', 'd'],
  ['${U-d}', 'd'],
  ['${E:-d}', 'd'],
  ['${E-d}', ''],
  ['${A:-d}', 'av'],
  ['${A:+r}', 'r'],
  ['${A+r}', 'r'],
  ['${E:+r}', ''],
  ['${E+r}', 'r'],
  ['${U:+r}', ''],
  ['${U+r}', ''],
  ['${A:?no}', 'av'],
  ['${E?no}', ''],
  ['$$A', '$A'],
  ['$$${A}', '$av'],
  ['$$$$', '$$'],
  ['$$$', '$$'],
  ['${U:-${A}}', 'av'],
  ['${U:-${U:-deep}}', 'deep'],
  ['${A:+${U:-q}}', 'q'],
  ['${U:-a}b}', 'ab}'],
  ['${U:-{"k":1}}', '{"k":1}'],
  ['${U:-$$x}', '$x'],
  ['${U:-a:-b}', 'a:-b'],
  ['${U:-a?b}', 'a?b'],
  ['${A-B}', 'av'],
  ['${U:- d }', ' d '],
  ['$1', '$1'],
  ['a$', 'a$'],
  ['$(x)', '$(x)'],
  ['a}b', 'a}b'],
]

test('every operator gives what docker compose gives', () => {
  for (const [template, value] of values) {
    const result = substitute(template, lookup)
    assert.is(result.value, value, template)
    assert.equal([result.problems, result.unset], [[], []], template)
  }
})

test('expressions that docker compose refuses are problems with their place', () => {
  const cases: [string, string, number, number][] = [
    ['x${', 'interpolation-syntax', 1, 3],
    ['${A:-', 'interpolation-syntax', 0, 5],
    ['${}', 'interpolation-syntax', 0, 3],
    ['x${1}y', 'interpolation-syntax', 1, 5],
    ['${A:}', 'interpolation-syntax', 0, 5],
    ['${A!x}', 'interpolation-syntax', 0, 6],
    ['${ A}', 'interpolation-syntax', 0, 5],
    ['${U?}', 'variable-required', 0, 5],
    ['a ${U:?set it}', 'variable-required', 2, 14],
    ['${E:?empty}', 'variable-required', 0, 11],
    ['${U:-${E:?inner}}', 'variable-required', 5, 16],
  ]
  for (const [template, code, start, end] of cases) {
    const [problem, ...more] = substitute(template, lookup).problems
    assert.equal([problem?.code, problem?.start, problem?.end, more], [code, start, end, []], template)
  }
})

test('the message of a required variable is the one in the file, its own variables replaced', () => {
  const [problem] = substitute('${U:?needs ${A} and $A}', lookup).problems
  assert.match(problem?.message ?? '', 'needs av and av')
})

test('only the argument that counts is evaluated, but what one requires must be there', () => {
  const { problems } = substitute('${A:-${U:?always}}${U:+${U:?always}}', lookup)
  assert.equal(
    problems.map(({ code, start }) => `${code} ${start}`),
    ['variable-required 5', 'variable-required 23'],
  )
  assert.equal([...substitute('${A:-$U}', lookup).used], ['A'])
})

test('only a plain variable that is not set calls for a warning', () => {
  assert.equal(
    substitute('$U ${V} ${W:-} ${X-} ${Y:+z} $E ${A:-$Z}', lookup).unset.map(({ name }) => name),
    ['U', 'V'],
  )
})

test('texts without a dollar sign stay as they are, and no text makes it throw', () => {
  fc.assert(
    fc.property(fc.string(), (text) =>
      assert.is(substitute(text.replaceAll('$', ''), lookup).value, text.replaceAll('$', '')),
    ),
  )
  const pieces = fc.array(fc.constantFrom('$', '{', '}', '${', ':-', '?', '+', 'A', 'U', ' ', '1'), { maxLength: 30 })
  fc.assert(
    fc.property(pieces, (parts) => {
      const template = parts.join('')
      for (const { start, end } of substitute(template, lookup).problems)
        assert.ok(start >= 0 && start < end && end <= template.length)
    }),
  )
})

test('doubling every dollar sign protects any text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.is(substitute(text.split('$').join('$$'), lookup).value, text)
    }),
  )
})

test('deep nesting is a problem, not a stack overflow', () => {
  const deep = `${'${A:+'.repeat(20_000)}x${'}'.repeat(20_000)}`
  assert.is(substitute(deep, lookup).problems[0]?.code, 'interpolation-syntax')
})

test('values are replaced everywhere, keys and other types never', () => {
  const tree = parse('$A: ${A}\nlist: [$A, 5, true, null, {b: x$A}]\nx-own: {c: $A}\n')
  const result = interpolate(tree, variablesOf(ENVIRONMENT))
  assert.equal(toData(result.tree), { $A: 'av', list: ['av', 5, true, null, { b: 'xav' }], 'x-own': { c: 'av' } })
  assert.equal(result.diagnostics, [])
})

test('problems point at the expression inside plain and quoted scalars and blocks, else at the scalar', () => {
  const text = 'a: x ${U:?no}\nb: "x ${U:?no}"\nc: \'x ${U:?no}\'\nd: "\\t${U:?no}"\ne: |\n  x ${U:?no}\n'
  const blocks = 'f: |2-\n    y\n\n   x ${U:?no}\n  z\ng: >\n  y\n  x ${U:?no}\n'
  const { diagnostics } = interpolate(parse(text + blocks), variablesOf(ENVIRONMENT))
  assert.equal(
    diagnostics.map(({ at }) => [at?.line, at?.col, at?.endLine, at?.endCol]),
    [
      [1, 6, 1, 14],
      [2, 7, 2, 15],
      [3, 7, 3, 15],
      [4, 4, 4, 16],
      [6, 5, 6, 13],
      [10, 6, 10, 14],
      [12, 4, 14, 13],
    ],
  )
})

test('a variable that is not set is reported once, with a near name if there is one', () => {
  const { diagnostics } = interpolate(parse('a: $DB_PASWORD\nb: [$DB_PASWORD, $U]\n'), variablesOf(ENVIRONMENT))
  assert.equal(
    diagnostics.map(({ severity, code, at }) => `${severity} ${code} ${at?.line}:${at?.col}`),
    ['warning variable-unset 1:4', 'warning variable-unset 2:18'],
  )
  assert.match(diagnostics[0]?.hint ?? '', '"DB_PASSWORD"')
  assert.match(diagnostics[1]?.hint ?? '', '${U:-value}')
})

test('a problem in an aliased value is reported once', () => {
  const { diagnostics } = interpolate(parse('a: &x ["${U:?no}"]\nb: *x\n'), variablesOf(ENVIRONMENT))
  assert.is(diagnostics.length, 1)
})

test('values that came from secret names are marked, others are not', () => {
  const { tree } = interpolate(
    parse('a: db:$DB_PASSWORD\nb: $A\nc: ${A:-$DB_PASSWORD}\nd: ${U:-$DB_PASSWORD}\ne: $$DB_PASSWORD\n'),
    variablesOf(ENVIRONMENT),
  )
  assert.equal(
    ['a', 'b', 'c', 'd', 'e'].map((key) => get(tree, key)?.secret),
    [true, undefined, undefined, true, undefined],
  )
})

test('spans and merge tags survive', () => {
  const before = parse('a: !override ["$A"]\n')
  const { tree } = interpolate(before, variablesOf(ENVIRONMENT))
  assert.is(get(tree, 'a')?.tag, '!override')
  assert.equal(get(tree, 'a')?.at, get(before, 'a')?.at)
})

test('the variables of a file are listed with what they expect', () => {
  const tree = parse('a: ${IMAGE:-nginx:${TAG:-1}}\nb: [$PLAIN, "${NEED:?say}", "${OPT+on}"]\nc: $$NOT ${PLAIN:?now}\n')
  assert.equal(variablesIn(tree), [
    { name: 'IMAGE', required: false, default: 'nginx:${TAG:-1}' },
    { name: 'TAG', required: false, default: '1' },
    { name: 'PLAIN', required: true },
    { name: 'NEED', required: true },
    { name: 'OPT', required: false, alternate: 'on' },
  ])
})

test.run()
