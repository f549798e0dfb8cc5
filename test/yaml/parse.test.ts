import fc from 'fast-check'
import { dump } from 'js-yaml'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Checked } from '../../src/diagnostics/checked.ts'
import type { Span } from '../../src/diagnostics/span.ts'
import { offsetOf, source } from '../../src/yaml/lines.ts'
import { parseYaml, parseYamlDocuments, recoverYamlDocuments } from '../../src/yaml/parse.ts'
import { get, type Tree, toData } from '../../src/yaml/tree.ts'

function parse(text: string): Tree {
  const result = parseYaml(text, 'f.yaml')
  if (!result.ok) throw new Error(result.diagnostics.map((each) => each.message).join('; '))
  return result.value
}

function problems(result: Checked<unknown>): string[] {
  return (result.ok ? result.warnings : result.diagnostics).map(({ code, at }) => `${code} ${at?.line}:${at?.col}`)
}

function slice(text: string, at: Span): string {
  const from = source(text, at.file)
  return text.slice(offsetOf(from, at.line, at.col), offsetOf(from, at.endLine, at.endCol))
}

function* nodesOf(tree: Tree): Generator<Tree> {
  yield tree
  if (tree.kind === 'seq') for (const item of tree.items) yield* nodesOf(item)
  if (tree.kind === 'map') for (const { value } of tree.entries.values()) yield* nodesOf(value)
}

// js-yaml does not write a key called __proto__.
const texts = fc.oneof(
  fc.string({ maxLength: 12 }).filter((text) => text !== '__proto__'),
  fc.constantFrom('a: b', '# x', '- y', '*', 'é😀', 'two\nlines\n', ' x ', '0755', '<<', '1_0'),
)
const plainData = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    texts,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(texts, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value
const documents = fc
  .record({
    data: plainData,
    flowLevel: fc.constantFrom(-1, 0, 1, 2),
    seqNoIndent: fc.boolean(),
    lineWidth: fc.constantFrom(-1, 20),
  })
  .map(({ data, ...options }) => ({ data: { root: data }, text: dump({ root: data }, { ...options, noRefs: true }) }))

test('data that was written as YAML is read back', () => {
  fc.assert(
    fc.property(documents, ({ data, text }) => assert.equal(toData(parse(text)), data)),
    { numRuns: 200 },
  )
})

test('the span of every value holds text that reads as the value', () => {
  fc.assert(
    fc.property(documents, ({ text }) => {
      for (const node of nodesOf(parse(text))) {
        const written = slice(text, node.at)
        // A block collection or block scalar needs the column that it started in.
        const again = parse(`${' '.repeat(node.at.col - 1)}${written}\n`)
        const same =
          node.kind === 'scalar' && /^[|>]/.test(written)
            ? String(toData(again)).trim() === String(node.value).trim()
            : undefined
        if (same === undefined) assert.equal(toData(again), toData(node))
        else assert.ok(same)
      }
    }),
    { numRuns: 100 },
  )
})

test('the span of every key holds the key', () => {
  fc.assert(
    fc.property(documents, ({ text }) => {
      for (const node of nodesOf(parse(text))) {
        if (node.kind !== 'map') continue
        for (const [key, { keyAt }] of node.entries) assert.equal(toData(parse(`- ${slice(text, keyAt)}`)), [key])
      }
    }),
    { numRuns: 100 },
  )
})

test('broken texts give problems with spans inside the text, never an exception', () => {
  const edits = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(5),
    put: fc.constantFrom('', '\t', ': ', '"', '[', '}', '&a ', '*a', '!x ', '\n', '- ', '|', '\0', '%', '<<: '),
  })
  fc.assert(
    fc.property(documents, fc.array(edits, { minLength: 1, maxLength: 3 }), ({ text }, changes) => {
      let broken = text
      for (const { at, cut, put } of changes) {
        const offset = Math.floor(at * broken.length)
        broken = broken.slice(0, offset) + put + broken.slice(offset + cut)
      }
      const result = parseYamlDocuments(broken, 'f.yaml')
      if (result.ok) return
      const lines = broken.split(/\r\n|\r|\n/).length
      for (const { at, message } of result.diagnostics)
        assert.ok(at && at.line >= 1 && at.line <= lines && at.col >= 1 && message)
    }),
    { numRuns: 300 },
  )
})

test('numbers that lose their looks keep their characters', () => {
  const tree = parse('a: 1.10\nb: 0755\nc: 5\nd: "1.10"\ne: ~\nf:\ng: True\n')
  const texts = [...nodesOf(tree)].slice(1).map((node) => (node.kind === 'scalar' ? node.text : 'no scalar'))
  assert.equal(texts, ['1.10', '0755', undefined, undefined, '~', undefined, 'True'])
})

test('an empty value stands behind its colon or dash', () => {
  const text = 'a:\nb: # none\nc:\n  -\n  - x\n'
  const tree = parse(text)
  assert.equal(get(tree, 'a')?.at, { file: 'f.yaml', line: 1, col: 3, endLine: 1, endCol: 3 })
  assert.equal(get(tree, 'b')?.at, { file: 'f.yaml', line: 2, col: 3, endLine: 2, endCol: 3 })
  const list = get(tree, 'c')
  assert.equal(list?.kind === 'seq' && list.items[0]?.at, { file: 'f.yaml', line: 4, col: 4, endLine: 4, endCol: 4 })
})

test('flow collections end with their brackets, comments and commas between or not', () => {
  for (const flow of ['[]', '{}', '[ a, b, ]', '{a: 1, b: [2], }', '[a, # ]\n   b # }\n  ]', '{a: , b: }']) {
    const text = `root: ${flow} # end\nnext: 1\n`
    assert.is(slice(text, get(parse(text), 'root')?.at as Span), flow)
  }
})

test('Windows line ends and a byte order mark change nothing but lengths', () => {
  const text = 'a:\n  b: "x"\n  c: |\n    one\n    two\n'
  const tree = parse(text)
  const windows = parse(`\uFEFF${text.replaceAll('\n', '\r\n')}`)
  assert.equal(toData(windows), toData(tree))
  assert.equal(get(get(windows, 'a'), 'b')?.at, get(get(tree, 'a'), 'b')?.at)
})

test('keys that look like other types are problems, and __proto__ is a key like any other', () => {
  const text = '8080: a\ntrue: b\n1.10: c\nnull: d\n"1": e\nyes: f\n'
  const places = ['yaml-unsupported 1:1', 'yaml-unsupported 2:1', 'yaml-unsupported 3:1', 'yaml-unsupported 4:1']
  assert.equal(problems(parseYaml(text, 'f')), places)
  const kept = recoverYamlDocuments(text, 'f').documents?.map(toData)
  assert.equal(kept, [{ 8080: 'a', true: 'b', '1.10': 'c', null: 'd', 1: 'e', yes: 'f' }])
  assert.equal(
    [...(parse('__proto__: {a: 1}\nconstructor: 2\n') as Tree & { kind: 'map' }).entries.keys()],
    ['__proto__', 'constructor'],
  )
})

test('every duplicate key is reported, each with the first one', () => {
  const result = parseYaml('a: 1\nb: {x: 1, x: 2}\na: 2\na: 3\n', 'f.yaml')
  assert.equal(problems(result), ['yaml-duplicate-key 2:11', 'yaml-duplicate-key 3:1', 'yaml-duplicate-key 4:1'])
  const related = result.ok ? [] : result.diagnostics.map((each) => each.related?.[0]?.at.line)
  assert.equal(related, [2, 1, 1])
})

test('merge keys give what is not written out, earlier sources first', () => {
  const text =
    'one: &one {a: 1, b: 1}\ntwo: &two {b: 2, c: 2}\nall:\n  <<: [*one, *two]\n  a: 0\nsingle:\n  b: 9\n  <<: *one\nquoted: {"<<": 1}\n'
  const tree = parse(text)
  assert.equal(toData(get(tree, 'all') as Tree), { a: 0, b: 1, c: 2 })
  assert.equal(toData(get(tree, 'single') as Tree), { b: 9, a: 1 })
  assert.equal(toData(get(tree, 'quoted') as Tree), { '<<': 1 })
  const all = get(tree, 'all')
  assert.is(all?.kind === 'map' && all.entries.get('c')?.keyAt.line, 2)
})

test('merging anything but mappings is reported once', () => {
  assert.equal(problems(parseYaml('a: &a 5\nb: {<<: *a}\nc: {<<: [1]}\n', 'f')), ['wrong-type 1:7', 'wrong-type 3:10'])
  assert.equal(problems(parseYaml('b: {<<: *nope}\n', 'f')), ['yaml-alias 1:9'])
})

test('aliases repeat values; unknown and recursive ones are reported where they stand', () => {
  assert.equal(toData(parse('a: &x [1, {b: 2}]\nb: *x\n&k key: 1\nc: *k\n')), {
    a: [1, { b: 2 }],
    b: [1, { b: 2 }],
    key: 1,
    c: 'key',
  })
  assert.equal(problems(parseYaml('a: *nope\nb: &b {c: [*b]}\nd: *later\ne: &later 1\n', 'f')), [
    'yaml-alias 1:4',
    'yaml-alias 2:12',
    'yaml-alias 3:4',
  ])
})

test('an alias bomb is refused at the alias that goes too far, without being expanded', () => {
  const levels = Array.from(
    { length: 30 },
    (_, index) => `l${index + 1}: &l${index + 1} [${Array(10).fill(`*l${index}`).join(', ')}]`,
  )
  const result = parseYaml(['l0: &l0 [x]', ...levels].join('\n'), 'f.yaml')
  assert.equal(problems(result), ['yaml-alias 6:25'])
})

test('many aliases of modest things are fine', () => {
  const uses = Array.from({ length: 2000 }, (_, index) => `k${index}: {<<: *base, own: ${index}}`)
  assert.is(Object.keys(toData(parse(['base: &base {a: 1, b: [2, 3]}', ...uses].join('\n'))) as object).length, 2001)
})

test('steering tags stay in the node, standard tags decide the type, others say nothing, with a warning', () => {
  const tree = parse('a: !reset null\nb: !override [1]\nc: !!str 5\nd: !!int "5x"\n'.replace('!!int "5x"', '!!float 5'))
  assert.equal(
    ['a', 'b', 'c'].map((key) => get(tree, key)?.tag),
    ['!reset', '!override', undefined],
  )
  assert.equal(toData(tree), { a: null, b: [1], c: '5', d: 5 })
  assert.equal(toData(parse('a: !!binary aGk=\nb: !!int "2"\nc: !!bool "true"\n')), { a: 'hi', b: 2, c: true })
  assert.equal(problems(parseYaml('b: !!int y\n', 'f')), ['wrong-type 1:10'])
  const odd = parseYaml('a: !rest x\nd: !!map [1]\n', 'f')
  assert.equal(odd.ok && toData(odd.value), { a: 'x', d: [1] })
  assert.equal(
    (odd.ok ? odd.warnings : []).map(({ code, at }) => `${code} ${at?.line}:${at?.col}`),
    ['yaml-unsupported 1:4', 'yaml-unsupported 2:4'],
  )
  assert.match((odd.ok && odd.warnings[0]?.hint) || '', '!reset')
})

test('keys that are not strings are problems', () => {
  assert.equal(problems(parseYaml('? [a]\n: 1\n? {b: 1}\n: 2\n: 3\n', 'f')), [
    'yaml-unsupported 1:3',
    'yaml-unsupported 3:3',
    'yaml-unsupported 5:2',
  ])
})

test('documents that hold nothing are problems, and none at all is an empty file', () => {
  for (const text of ['', '\n\n', '# only a comment\n', '---\n', '---\n...\n---\n', '\uFEFF']) {
    assert.equal(problems(parseYamlDocuments(text, 'f')), ['file-empty 1:1'], JSON.stringify(text))
  }
  const between = '---\na: 1\n---\n---\nb: 2\n'
  assert.equal(problems(parseYamlDocuments(between, 'f')), ['file-empty 3:2'])
  assert.equal(recoverYamlDocuments(between, 'f').documents?.map(toData), [{ a: 1 }, { b: 2 }])
  assert.equal(problems(parseYaml('a: 1\n---\nb: 2\n', 'f')), ['yaml-unsupported 3:1'])
})

test('anchors belong to one document', () => {
  assert.equal(problems(parseYamlDocuments('a: &a 1\n---\nb: *a\n', 'f')), ['yaml-alias 3:4'])
})

test('depth and size have limits', () => {
  assert.equal(problems(parseYaml(`a: ${'['.repeat(500)}`, 'f')), ['yaml-syntax 1:203'])
  assert.equal(problems(parseYaml(' '.repeat(10 * 1024 * 1024 + 1), 'f')), ['file-unreadable 1:1'])
})

// As docker compose takes them (YAML 1.2.2, 6.1): they separate values in brackets, but never indent a block.
test('tabs may stand in brackets', () => {
  for (const flow of [
    '[a,\tb]',
    '[\ta\t,b]',
    '[a,\n\tb]',
    '[a,\r\n\t\tb,\n\t c\n\t]',
    '{a:\t1,\tb: 2}',
    '{\n\ta: 1,\n\tb: [\t2 ]}',
  ]) {
    const text = `x:\n    list: ${flow}\n    "y\t": "\t"\n`
    const spaces = text.replace(flow, flow.replace(/[\t\r\n]/g, ' '))
    assert.equal(toData(parse(text)), toData(parse(spaces)), JSON.stringify(flow))
    assert.is(slice(text, (get(get(parse(text), 'x'), 'list') as Tree).at), flow)
  }
  assert.equal(problems(parseYaml('x:\n\ty: [1]\n', 'f.yaml')), ['yaml-syntax 2:1'])
})

test('the rest of a document with recoverable problems is returned', () => {
  const rest = (text: string) => recoverYamlDocuments(text, 'f.yaml').documents?.map(toData)
  assert.equal(rest('a: {b: 1}\na: {b: 2, c: 3}\nd: 4\nd: 5\n'), [{ a: { b: 1, c: 3 }, d: 4 }])
  assert.equal(rest('? [k]\n: 1\na: !what 2\n'), [{ a: 2 }])
  assert.is(rest('a: "\n'), undefined)
  const bomb = `${'abcdefg'
    .split('')
    .map((name, level) => `${name}: &${name} [${Array(10).fill(level === 0 ? 'x' : `*${'abcdefg'[level - 1]}`)}]`)
    .join('\n')}\n`
  assert.is(rest(bomb), undefined)
})

test.run()
