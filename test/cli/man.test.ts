import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { manPages } from '../../src/cli/man/pages.ts'
import { roff } from '../../src/cli/man/roff.ts'
import { COMMANDS } from '../../src/command/table.ts'

const groups = await Promise.all(
  COMMANDS.map(async ({ title, commands }) => ({
    title,
    commands: await Promise.all(Object.values(commands).map((load) => load())),
  })),
)
const pages = manPages(groups, { version: '1.2.3', date: '2026-11-30' })

/** The requests and macros of man(7) that pages use; other lines that begin with a dot are mistakes. */
const REQUESTS = /^\.(?:TH|SH|SS|TP|PP|IP|EX|EE)\b/

/** What the language's escapes print. */
const ESCAPES: Record<string, string> = {
  e: '\\',
  '-': '-',
  '(aq': "'",
  '(dq': '"',
  '(ga': '`',
  '(ha': '^',
  '(ti': '~',
  '&': '',
}

function printed(line: string): string {
  return line
    .replace(/\\f[BIR]/g, '')
    .replace(/\\(?:\[u([0-9A-F]{4,6})\]|(\(..|[^[f]))/g, (_, code?: string, name = '') =>
      code ? String.fromCodePoint(Number.parseInt(code, 16)) : (ESCAPES[name] ?? `?${name}?`),
    )
}

test('every visible command has a page, and the page of the program names all', () => {
  const names = groups.flatMap(({ commands }) => commands.filter(({ hidden }) => !hidden).map(({ name }) => name))
  assert.equal([...pages.keys()].sort(), ['flotilla.1', ...names.map((name) => `flotilla-${name}.1`)].sort())
  for (const name of names) assert.ok(printed(pages.get('flotilla.1') ?? '').includes(`flotilla-${name}(1)`), name)
})

test('a page says everything that help says of a command', () => {
  for (const { name, description, flags, positionals = [], examples, hidden } of groups.flatMap(
    (each) => each.commands,
  )) {
    if (hidden) continue
    const text = printed(pages.get(`flotilla-${name}.1`) ?? '')
    const visible = Object.entries(flags).filter(([, flag]) => !flag.hidden)
    const reported = [
      ...(description?.split('\n') ?? []),
      ...visible.flatMap(([flag, { description }]) => [`${flag}`, description]),
      ...positionals.map((each) => each.description),
      ...examples.flatMap(({ command, does }) => [command, does]),
    ]
    for (const each of reported) assert.ok(text.includes(each), `${name}: ${each}`)
  }
})

test('lines are text, or begin with a macro of man(7); sections are there once, in their order', () => {
  const ORDER = [
    'NAME',
    'SYNOPSIS',
    'DESCRIPTION',
    'COMMANDS',
    'ARGUMENTS',
    'OPTIONS',
    'GLOBAL OPTIONS',
    'EXAMPLES',
    'SEE ALSO',
  ]
  for (const [file, text] of pages) {
    const lines = text.trimEnd().split('\n')
    assert.match(lines[0] ?? '', /^\.TH FLOTILLA\S* 1 "2026-11-30" "flotilla 1\.2\.3" "flotilla"$/)
    for (const line of lines) {
      assert.match(line, /^[\x20-\x7e]+$/, file)
      if (/^[.']/.test(line)) assert.match(line, REQUESTS, file)
      assert.not.match(printed(line), /\?.{1,3}\?/, file)
    }
    const sections = lines.flatMap((line) => /^\.SH (.*)/.exec(line)?.[1] ?? [])
    assert.equal(
      sections,
      ORDER.filter((each) => sections.includes(each)),
      file,
    )
    for (const each of ['NAME', 'SYNOPSIS', 'SEE ALSO']) assert.ok(sections.includes(each), file)
  }
})

test('a law: any text on one line is printed as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const line = roff(text)
      assert.not.match(line, /^[.']/)
      assert.match(line, /^[\x20-\x7e]*$/)
      assert.is(printed(line), text)
    }),
  )
})

/** Programs that format manual pages, with the words that make them report every doubt on standard error or output. */
const FORMATTERS = [
  ['mandoc', '-T', 'lint', '-W', 'warning'],
  ['groff', '-man', '-ww', '-z', '-T', 'utf8'],
]

for (const [program = '', ...words] of FORMATTERS) {
  const isThere = !spawnSync(program, ['--help']).error
  if (!isThere) console.log(`skipped: there is no ${program}`)
  const check = isThere ? test : test.skip
  check(`${program} reports nothing`, () => {
    for (const [file, input] of pages) {
      const { stdout, stderr } = spawnSync(program, words, { input, encoding: 'utf8' })
      assert.is(stdout + stderr, '', file)
    }
  })
}

test.run()
