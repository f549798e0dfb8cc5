import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Outline } from '../../../src/stack/outline.ts'
import { NOTHING_SENSITIVE } from '../../../src/stack/sensitive.ts'
import { maskLine } from '../../../src/view/redact/mask-line.ts'
import { snippet } from '../../../src/view/report/snippet.ts'
import { widthOf } from '../../../src/view/width.ts'

const at = (line: number, col: number, endCol: number, endLine = line) => ({ file: '/f', line, col, endLine, endCol })

const MARKS: [text: string, span: ReturnType<typeof at>, line: string, marks: string][] = [
  ['abc def', at(1, 5, 8), 'abc def', '    ^^^'],
  ['abc', at(1, 2, 2), 'abc', ' ^'],
  ['abc', at(1, 4, 9), 'abc', '   ^'],
  ['', at(1, 1, 1), '', '^'],
  ['one\r\ntwo', at(2, 1, 4), 'two', '^^^'],
  ['\tkind: x', at(1, 2, 6), '    kind: x', '    ^^^^'],
  ['日本: x', at(1, 5, 6), '日本: x', '      ^'],
  ['日本: x', at(1, 1, 3), '日本: x', '^^^^'],
  ['e\u0301: x', at(1, 5, 6), 'e\u0301: x', '   ^'],
  ['😀: x', at(1, 5, 6), '😀: x', '    ^'],
  ['  - a\n  - b', at(1, 3, 6, 2), '  - a', '  ^^^'],
  ['PASSWORD: secret word', at(1, 1, 9), 'PASSWORD: ••••••', '^^^^^^^^'],
  ['PASSWORD: secret word', at(1, 11, 22), 'PASSWORD: ••••••', '          ^^^^^^'],
  ['{ token: abcdefghijkl }', at(1, 23, 24), '{ token: •••••• }', '                ^'],
  ['{ token: abcdefghijkl }', at(1, 12, 14), '{ token: •••••• }', '         ^^^^^^'],
  ['e: [A_TOKEN=abcdefghijkl, B=c]', at(1, 5, 25), 'e: [A_TOKEN=••••••, B=c]', '    ^^^^^^^^^^^^^^'],
  ['e: [A_TOKEN=abcdefghijkl, B=c]', at(1, 27, 30), 'e: [A_TOKEN=••••••, B=c]', '                    ^^^'],
  ['token: a, [b', at(1, 12, 13), 'token: ••••••', '       ^^^^^^'],
]

for (const [text, span, line, marks] of MARKS) {
  test(`marks in ${JSON.stringify(text)} at ${span.line}:${span.col}`, () => {
    assert.equal(snippet(Outline.of(text), span, 80, NOTHING_SENSITIVE), { line, marks })
  })
}

test('a line that is not there has no snippet', () => {
  assert.is(snippet(Outline.of('one'), at(5, 1, 2), 80, NOTHING_SENSITIVE), undefined)
})

test('a long line is cut around the span, which stays in sight with its marks below it', () => {
  fc.assert(
    fc.property(
      fc.nat(300),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 20, max: 100 }),
      (before, length, columns) => {
        const target = 'X'.repeat(length)
        const found = snippet(
          Outline.of(`${'日a'.repeat(before)}${target}${'b'.repeat(80)}`),
          at(1, before * 2 + 1, before * 2 + 1 + length),
          columns,
          NOTHING_SENSITIVE,
        )
        if (!found) throw new Error('there is such a line')
        assert.ok(widthOf(found.line) <= columns, `${widthOf(found.line)} > ${columns}`)
        assert.is(widthOf(found.line.slice(0, found.line.indexOf('X'))), found.marks.indexOf('^'))
        assert.is(found.marks.trimStart(), '^'.repeat(length))
      },
    ),
  )
})

const MASKED: [line: string, shown: string][] = [
  ['    MYSQL_ROOT_PASSWORD: hunter2', '    MYSQL_ROOT_PASSWORD: ••••••'],
  ['  - API_TOKEN=abc def', '  - API_TOKEN=••••••'],
  ['"DB_PASSWORD": "x"', '"DB_PASSWORD": ••••••'],
  ['PASSWORD: ${PASSWORD:?set it}', 'PASSWORD: ${PASSWORD:?set it}'],
  ['PASSWORD_FILE: /run/secrets/x', 'PASSWORD_FILE: /run/secrets/x'],
  ['secrets: [a, b]', 'secrets: [a, b]'],
  ['password: *alias', 'password: *alias'],
  ['secrets:', 'secrets:'],
  ['secrets: 1', 'secrets: 1'],
  ['DB_PASSWORD: [hunter5secret]', 'DB_PASSWORD: ••••••'],
  ['DB_PASSWORD: { value: hunter5secret }', 'DB_PASSWORD: ••••••'],
  ['DB_PASSWORD: &pw hunter5secret', 'DB_PASSWORD: &pw ••••••'],
  ['DB_PASSWORD: $$hunter5secret', 'DB_PASSWORD: ••••••'],
  ['DB_PASSWORD: ${USER}hunter5secret', 'DB_PASSWORD: ••••••'],
  ['PASSWORD: "${PASSWORD}"', 'PASSWORD: ••••••'],
  ['mem_limit: ${API_TOKEN:-hunter9secret}', 'mem_limit: ${API_TOKEN:-••••••}'],
  ['a: ${API_TOKEN-${OTHER:-x}}b', 'a: ${API_TOKEN-••••••}b'],
  ['a: ${USER:-nobody}', 'a: ${USER:-nobody}'],
  ['services: { auth: { imagine: 1 } }', 'services: { auth: { imagine: 1 } }'],
  ['url: postgres://me:pass@db/x', 'url: postgres://me:••••••@db/x'],
  ['url: http://db:80/x', 'url: http://db:80/x'],
  ['image: known-value-here', 'image: ••••••'],
  ['e: [A_TOKEN=a-b, "C_KEY=d, e", F=g]', 'e: [A_TOKEN=••••••, "C_KEY=••••••", F=g]'],
  ['e: { "A_TOKEN": "d, e", F: g }', 'e: { "A_TOKEN": ••••••, F: g }'],
  ['e: { A_TOKEN: [d, e], F: { B_KEY: g } } # h', 'e: { A_TOKEN: ••••••, F: { B_KEY: •••••• } } # h'],
  ['e: [A_TOKEN=a, "B_TOKEN=c', 'e: [A_TOKEN=••••••, "B_TOKEN=••••••'],
  ['e: [a] A_TOKEN: b, c', 'e: [a] A_TOKEN: ••••••'],
  ['command: [mysqladmin, ping, "-psesame", -uroot]', 'command: [mysqladmin, ping, "-p••••••", -uroot]'],
  ['command: [serve, --requirepass, sesame]', 'command: [serve, --requirepass, ••••••]'],
  ['test: ["CMD", "curl", "-u", "me:sesame", "http://x"]', 'test: ["CMD", "curl", "-u", "me:••••••", "http://x"]'],
  ['test: mysqladmin ping -psesame || exit 1', 'test: mysqladmin ping -p•••••• || exit 1'],
  ['a: known-value-here, b: known-value-here', 'a: ••••••, b: ••••••'],
]

for (const [line, shown] of MASKED) {
  test(`"${line}" is shown as "${shown}"`, () => {
    assert.is(maskLine(line, { values: new Set(['known-value-here', 'tiny']), paths: new Set() }).text, shown)
  })
}

const BELOW: [text: string, shown: string][] = [
  ['environment:\n  DB_PASSWORD:\n    [hunter5secret]', '    ••••••'],
  ['environment:\n  DB_PASSWORD:\n  - hunter5secret', '  - ••••••'],
  ['environment:\n  DB_PASSWORD: >\n    # nothing\n\n    hunter5secret', '    ••••••'],
  ['environment:\n  DB_PASSWORD: x\n  OTHER: y', '  OTHER: y'],
  ['services:\n  auth:\n    image: some', '    image: some'],
  ['secrets:\n  db_password:\n    fle: ./x', '    fle: ./x'],
  ['secrets:\n  db_password: { fle: ./x }', '  db_password: { fle: ./x }'],
  ['list:\n  - password: x\n    other: y', '    other: y'],
  ['command:\n  - mysqladmin\n  - -psesame', '  - -p••••••'],
  ['command:\n  - redis-cli\n  - -a\n  - redis', '  - ••••••'],
  ['command:\n  - serve\n  - "--token"\n  - "sesame"', '  - "••••••"'],
  ['a:\n  - mysqladmin\nb:\n  - -psesame', '  - -psesame'],
]

for (const [text, shown] of BELOW) {
  test(`the last line of ${JSON.stringify(text)} is shown as "${shown}"`, () => {
    const last = text.split('\n').length
    assert.is(snippet(Outline.of(text), at(last, 1, 2), 80, NOTHING_SENSITIVE)?.line, shown)
  })
}

test('marks stand below the text that a mark of direction would turn', () => {
  const { line, marks } = snippet(Outline.of('a: \u202Ebad'), at(1, 5, 8), 80, NOTHING_SENSITIVE) ?? {
    line: '',
    marks: '',
  }
  assert.equal([line, marks], ['a: \uFFFDbad', '    ^^^'])
})

test.run()
