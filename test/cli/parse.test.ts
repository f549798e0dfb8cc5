import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Flags } from '../../src/cli/flag.ts'
import { GLOBAL_FLAGS, mergeGlobals, withGlobals } from '../../src/cli/globals.ts'
import { cut, parse } from '../../src/cli/parse.ts'

const FLAGS = {
  detach: { type: 'boolean', short: 'd', description: '' },
  'renew-anon-volumes': { type: 'boolean', short: 'V', description: '' },
  file: { type: 'list', short: 'f', description: '', aliases: ['stack-file'] },
  timeout: { type: 'duration', short: 't', description: '' },
  lines: { type: 'number', short: 'n', description: '' },
  format: { type: 'string', description: '', choices: ['yaml', 'json'] },
  colour: { type: 'boolean', description: '', negatable: true },
} as const satisfies Flags

const NOTHING = {
  detach: false,
  renewAnonVolumes: false,
  file: [],
  timeout: undefined,
  lines: undefined,
  format: undefined,
  colour: undefined,
}

const GOOD: [args: string, values: Record<string, unknown>, positionals?: string[]][] = [
  ['', {}],
  ['web db', {}, ['web', 'db']],
  ['-d web', { detach: true }, ['web']],
  ['web -d', { detach: true }, ['web']],
  ['-dV', { detach: true, renewAnonVolumes: true }],
  ['-dt 5', { detach: true, timeout: 5000 }],
  ['-dt5', { detach: true, timeout: 5000 }],
  ['--detach=false', { detach: false }],
  ['--detach=true', { detach: true }],
  ['-d --detach=false', { detach: false }],
  ['-fa.yaml -f b.yaml --file=c.yaml --file d.yaml', { file: ['a.yaml', 'b.yaml', 'c.yaml', 'd.yaml'] }],
  ['-f=a.yaml', { file: ['a.yaml'] }],
  ['-f -', { file: ['-'] }],
  ['--stack-file x', { file: ['x'] }],
  ['--file=a=b', { file: ['a=b'] }],
  ['--file=', { file: [''] }],
  ['--timeout 1m30s', { timeout: 90_000 }],
  ['--timeout 1.5s', { timeout: 1500 }],
  ['-n 20', { lines: 20 }],
  ['--format json', { format: 'json' }],
  ['--format yaml --format json', { format: 'json' }],
  ['--colour', { colour: true }],
  ['--no-colour', { colour: false }],
  ['--no-colour=false', { colour: true }],
  ['-- -d --what', {}, ['-d', '--what']],
  ['web -- -d', {}, ['web', '-d']],
]

for (const [args, values, positionals = []] of GOOD) {
  test(`"${args}" is understood`, () => {
    const result = parse(args.split(' ').filter(Boolean), FLAGS, 'flotilla x')
    assert.equal(result, { ok: true, value: { values: { ...NOTHING, ...values }, positionals }, warnings: [] })
  })
}

const BAD: [args: string, part: string, hint?: string][] = [
  ['--detahc', '--detahc', '--detach'],
  ['--renew-anon-volume', '--renew-anon-volume', '--renew-anon-volumes'],
  ['-x', '-x'],
  ['-dx', '-x'],
  ['--file', '--file'],
  ['-n many', 'many'],
  ['-n -1', '-1'],
  ['-t soon', 'soon'],
  ['--format xml', 'yaml, json'],
  ['--detach=maybe', 'maybe'],
  ['--no-detach', '--no-detach'],
]

for (const [args, part, hint] of BAD) {
  test(`"${args}" is refused`, () => {
    const result = parse(args.split(' '), FLAGS, 'flotilla x')
    assert.not(result.ok)
    const [problem] = result.ok ? [] : result.diagnostics
    assert.is(problem?.code, 'usage')
    assert.ok(problem?.message.includes(part), problem?.message)
    if (hint) assert.ok(problem?.hint?.includes(hint), problem?.hint)
  })
}

test('all problems are reported at once', () => {
  const result = parse(['--nope', '-t', 'soon', '--format', 'xml'], FLAGS, 'flotilla x')
  assert.is(result.ok ? 0 : result.diagnostics.length, 3)
})

test('the command is cut out of what stands around it', () => {
  const argv = ['-f', 'up', '-pname', '--profile', 'p', 'up', '-f', '-d', 'web']
  assert.equal(cut(argv, GLOBAL_FLAGS), { before: argv.slice(0, 5), name: 'up', rest: ['-f', '-d', 'web'] })
  assert.equal(cut(['--version'], GLOBAL_FLAGS), { before: ['--version'], rest: [] })
})

test("a command's own flag takes name and letter from the global one", () => {
  const flags = withGlobals({ follow: { type: 'boolean', short: 'f', description: '' } })
  assert.is(flags.follow?.short, 'f')
  assert.equal(flags.file, withoutShort(GLOBAL_FLAGS.file))
  assert.is(flags['project-name']?.short, 'p')
  assert.is('version' in flags, false)
})

test('global flags before and after the command add up', () => {
  const before = { file: ['a'], projectName: 'one', profile: [], ansi: 'never', help: false }
  const merged = mergeGlobals(before as never, {
    file: ['b'],
    projectName: 'two',
    profile: ['p'],
    ansi: undefined,
    help: false,
  })
  assert.equal(merged, { file: ['a', 'b'], projectName: 'two', profile: ['p'], ansi: 'never', help: false })
})

function withoutShort({ short: _, ...flag }: { short: string }): unknown {
  return flag
}

test.run()
