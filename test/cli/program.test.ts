import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type CommandGroup, defineCommand } from '../../src/cli/command.ts'
import { runProgram } from '../../src/cli/program.ts'
import { BackendError } from '../../src/diagnostics/backend-error.ts'
import { StackError } from '../../src/diagnostics/checked.ts'
import { error } from '../../src/diagnostics/diagnostic.ts'
import { testHost } from './support.ts'

const show = defineCommand({
  name: 'show',
  summary: 'Show what it was given',
  examples: [],
  flags: {
    follow: { type: 'boolean', short: 'f', description: '' },
    format: { type: 'string', choices: ['a', 'b'], description: '' },
  },
  positionals: [
    { name: 'ONE', description: '', required: true },
    { name: 'TWO', description: '' },
  ],
  async run(context, { flags, args }) {
    const { file, projectName, ansi } = context.globals
    context.print(JSON.stringify({ ...flags, args, file, projectName, ansi }))
    return 7
  },
})

const fail = defineCommand({
  name: 'fail',
  summary: 'Fail',
  examples: [],
  flags: { how: { type: 'string', description: '' } },
  async run(context, { flags }) {
    if (flags.how === 'abort') throw Object.assign(new Error('aborted'), { name: 'AbortError' })
    if (flags.how === 'engine') throw new BackendError('gone', 'no such thing')
    if (flags.how === 'unreachable') throw new BackendError('unreachable', 'nobody')
    if (flags.how === 'bug') throw new TypeError('oops')
    await context.project.warn([])
    throw new StackError([error('no-image', 'first'), error('locked', 'second')])
  },
})

const pass = defineCommand({
  name: 'pass',
  summary: 'Hand on what stands behind the first argument',
  examples: [],
  flags: { env: { type: 'list', short: 'e', description: '' }, file: { type: 'boolean', short: 't', description: '' } },
  positionals: [{ name: 'WHAT', description: '', required: true, variadic: true }],
  handsOn: true,
  async run(context, { flags, args }) {
    context.print(JSON.stringify({ ...flags, args }))
    return 0
  },
})

const COMMANDS: CommandGroup[] = [
  { title: 'Commands', commands: { show: async () => show, fail: async () => fail, pass: async () => pass } },
]

async function run(...argv: string[]) {
  const { host, out, err } = testHost(argv)
  const code = await runProgram(host, COMMANDS)
  return { code, out: out(), err: err() }
}

test('flags that scripts still type are taken; --no-ansi has no colours', async () => {
  const { host, out } = testHost([
    '--verbose',
    '--no-ansi',
    '--insecure-registry',
    'a:1',
    '--parallel',
    '-1',
    'show',
    'x',
  ])
  assert.is(await runProgram(host, COMMANDS), 7)
  assert.is(JSON.parse(out()).ansi, 'never')
})

test('flags, arguments and global flags reach the command, and its exit code the shell', async () => {
  const { code, out, err } = await run(
    '-f',
    'a.yaml',
    '-p',
    'one',
    'show',
    '-f',
    '--file',
    'b.yaml',
    'x',
    '--project-name=two',
  )
  assert.equal(JSON.parse(out), { follow: true, args: ['x'], file: ['a.yaml', 'b.yaml'], projectName: 'two' })
  assert.equal([code, err], [7, ''])
})

const HANDED_ON: [argv: string[], args: string[], env: string[]][] = [
  [['-e', 'A', 'x', '-e', 'B', '--help', '-y'], ['x', '-e', 'B', '--help', '-y'], ['A']],
  [['-te', 'A', 'x', '--', '-e', '--'], ['x', '-e', '--'], ['A']],
  [['--env=A', '--', 'x', '--', '-z'], ['x', '-z'], ['A']],
  [['x'], ['x'], []],
]

for (const [argv, args, env] of HANDED_ON) {
  test(`"pass ${argv.join(' ')}": what stands behind the first argument is handed on`, async () => {
    const { out, err } = await run('pass', ...argv)
    assert.is(err, '')
    const given = JSON.parse(out)
    assert.equal([given.args, given.env], [args, env])
  })
}

const USAGE: [argv: string[], part: string][] = [
  [['shwo', 'x'], 'did you mean "show"'],
  [['--fiel', 'x', 'show'], 'did you mean --file'],
  [['-x', 'show'], 'unknown flag -x'],
  [['show', '--fllow', 'x'], 'did you mean --follow'],
  [['show'], 'ONE is missing'],
  [['show', 'a', 'b', 'c'], 'unexpected argument "c"'],
  [['show', 'x', '--format', 'c'], 'a, b'],
  [['--ansi', 'sometimes', 'show', 'x'], 'auto, always, never'],
]

for (const [argv, part] of USAGE) {
  test(`"${argv.join(' ')}" is a usage error on standard error alone`, async () => {
    const { code, out, err } = await run(...argv)
    assert.equal([code, out], [1, ''])
    assert.ok(err.includes('error[usage]') && err.includes(part), err)
  })
}

test('usage problems honour --progress json', async () => {
  const { err } = await run('--progress', 'json', 'show')
  assert.is(JSON.parse(err).code, 'usage')
})

for (const argv of [[], ['help'], ['--help'], ['-h']]) {
  test(`"${argv.join(' ')}" lists the commands on standard output`, async () => {
    const { code, out, err } = await run(...argv)
    assert.equal([code, err], [0, ''])
    assert.match(out, /show +Show what it was given/)
  })
}

for (const argv of [
  ['help', 'show'],
  ['show', '--help'],
  ['show', '-h', '--format', 'a'],
  ['--help', 'show'],
]) {
  test(`"${argv.join(' ')}" is about one command`, async () => {
    const { code, out } = await run(...argv)
    assert.is(code, 0)
    assert.match(out, 'flotilla show [FLAGS] ONE [TWO]')
  })
}

test('all problems of a StackError are shown and counted', async () => {
  const { code, err } = await run('fail')
  assert.is(code, 1)
  assert.match(err, /error\[no-image\]: first\nerror\[locked\]: second\n\n2 errors\n/)
})

for (const [how, expected] of [
  ['engine', 'error[engine-error]: no such thing\n'],
  ['unreachable', 'error[engine-unreachable]: nobody\n'],
]) {
  test(`an engine's ${how} error is a problem, not a bug`, async () => {
    const { code, err } = await run('fail', '--how', how ?? '')
    assert.equal([code, err], [1, expected])
  })
}

test('anything else is thrown on', async () => {
  const thrown = await run('fail', '--how', 'bug').catch((bug) => bug)
  assert.instance(thrown, TypeError)
})

test('an abort after Ctrl-C is exit code 130', async () => {
  const { host, err, interrupt } = testHost(['fail', '--how', 'abort'])
  interrupt()
  assert.is(await runProgram(host, COMMANDS), 130)
  assert.is(err(), '')
})

test.run()
