import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EngineError, type ExecSpec } from '../../../src/docker/port.ts'
import type { ImageFixture } from '../../support/memory/fixture.ts'
import { type Lab, lab } from '../support.ts'

const said: ExecSpec[] = []
const WEB: ImageFixture = {
  cmd: ['serve'],
  exec(spec) {
    said.push(spec)
    return { exitCode: spec.cmd[0] === 'false' ? 1 : 0, output: `ran ${spec.cmd.join(' ')}\n` }
  },
}
const STACK = `
name: shop
services:
  web: { image: "web:1", scale: 2 }
  job: { image: "web:1" }
`

function inLab(name: string, body: (lab: Lab) => Promise<void>): void {
  test(name, async () => {
    const own = lab({ 'stack.yaml': STACK, '.env': 'FROM_FILE=yes\n' }, { images: { 'web:1': WEB } })
    said.length = 0
    try {
      await body(own)
    } finally {
      own.remove()
    }
  })
}

inLab('the output and the exit code are those of the command', async ({ run }) => {
  await run('up', '-d')
  assert.equal(await run('exec', 'web', 'true'), { code: 0, out: 'ran true\n', err: '' })
  assert.equal(await run('exec', 'web', 'false'), { code: 1, out: 'ran false\n', err: '' })
})

inLab('what stands behind the service is the command, flags included', async ({ run }) => {
  await run('up', '-d')
  const words = ['ls', '-l', '--help', '-e', 'A=1', '--', '-T']
  await run('exec', '-T', 'web', ...words)
  await run('exec', '--', 'web', ...words)
  await run('exec', 'web', '--', ...words)
  assert.equal(
    said.map(({ cmd }) => cmd),
    [words, words, words],
  )
})

inLab(
  'flags reach the command; variables without a value come from here or from the project',
  async ({ begin, run }) => {
    await run('up', '-d')
    const flags = [
      '-u',
      '1:2',
      '-w',
      '/tmp',
      '--privileged',
      '-e',
      'A=x=y',
      '-e',
      'HERE',
      '-e',
      'FROM_FILE',
      '-e',
      'NOWHERE',
    ]
    await begin(['exec', ...flags, 'web', 'env'], { env: { HERE: 'h' } }).ended
    const [spec] = said
    assert.equal(spec?.env, ['A=x=y', 'HERE=h', 'FROM_FILE=yes', 'NOWHERE'])
    assert.equal([spec?.user, spec?.workingDir, spec?.privileged], ['1:2', '/tmp', true])
  },
)

inLab('standard input goes to the command, with its end', async ({ begin, run }) => {
  await run('up', '-d')
  const stdin = [Buffer.from('one\n'), Buffer.from('two\n')]
  assert.equal((await begin(['exec', '-T', 'web', 'cat'], { stdin }).ended).out, 'one\ntwo\n')
})

inLab('the first container that runs is meant, or the one with the number', async ({ run, engine }) => {
  await run('up', '-d')
  const [first] = await engine.listContainers({ names: ['shop-web-1'] })
  await engine.stopContainer(first?.id ?? '', {})
  const usedBy = async (...args: string[]) => {
    const before = engine.calls.length
    await run('exec', ...args)
    const call = engine.calls.slice(before).find(({ method }) => method === 'createExec')
    return call && (await engine.inspectContainer(String(call.args[0])))?.name
  }
  assert.is(await usedBy('web', 'true'), 'shop-web-2')
  assert.is(await usedBy('--index', '2', 'web', 'true'), 'shop-web-2')
  assert.is(await usedBy('--index', '1', 'web', 'true'), undefined)
})

const WRONG: [before: string[][], argv: string[], part: RegExp][] = [
  [[], ['web', 'true'], /"web" has no container[\s\S]*flotilla up -d web/],
  [[['up', '-d']], ['wbe', 'true'], /unknown service "wbe"[\s\S]*did you mean "web"/],
  [[['up', '-d']], ['--index', '3', 'web', 'true'], /no container number 3[\s\S]*it has 1, 2/],
  [
    [
      ['up', '-d'],
      ['stop', 'job'],
    ],
    ['job', 'true'],
    /job-1 is exited[\s\S]*flotilla start job/,
  ],
  [
    [
      ['up', '-d'],
      ['pause', 'job'],
    ],
    ['job', 'true'],
    /job-1 is paused[\s\S]*flotilla unpause job/,
  ],
]

for (const [before, argv, part] of WRONG) {
  inLab(
    `exec ${argv.join(' ')} after ${before.map((each) => each.join(' ')).join(', ') || 'nothing'}`,
    async ({ run }) => {
      for (const each of before) assert.is((await run(...each)).code, 0)
      const { code, out, err } = await run('exec', ...argv)
      assert.equal([code, out], [1, ''])
      assert.match(err, part)
      assert.equal(said, [])
    },
  )
}

const REFUSALS: [message: string, code: number, reported: string][] = [
  ['OCI runtime exec failed: exec: "x": executable file not found in $PATH: unknown', 127, 'there is no program "x"'],
  ['OCI runtime exec failed: exec: "/x": stat /x: no such file or directory: unknown', 127, 'there is no program "/x"'],
  ['OCI runtime exec failed: exec: "/etc": permission denied: unknown', 126, 'the program "/etc" may not be executed'],
  [
    'OCI runtime exec failed: exec: "/x": exec format error: unknown',
    126,
    'the program "/x" cannot be run: exec format',
  ],
  ['something else', 1, 'something else'],
]

for (const [message, code, reported] of REFUSALS) {
  inLab(`a command that newer engines refuse with "${message}" ends with ${code}`, async ({ run, engine }) => {
    await run('up', '-d')
    engine.hooks.before = ({ method }) => {
      if (method === 'attachExec') throw new EngineError(message, 400)
    }
    const ran = await run('exec', 'web', 'x')
    assert.equal([ran.code, ran.out], [code, ''])
    assert.match(ran.err, reported)
    assert.not.match(ran.err, 'OCI runtime')
  })

  inLab(`the same in the background, with "${message}"`, async ({ run, engine }) => {
    await run('up', '-d')
    engine.hooks.before = ({ method }) => {
      if (method === 'startExec') throw new EngineError(message, 400)
    }
    const ran = await run('exec', '-d', 'web', 'x')
    assert.is(ran.code, code)
    assert.match(ran.err, reported)
    assert.not.match(ran.err, 'OCI runtime')
  })
}

inLab('a command that the engine gives up on in its output is a problem, and no output', async ({ run }) => {
  await run('up', '-d')
  const { code, out, err } = await run('exec', '-T', 'web', 'nothing')
  assert.equal([code, out], [127, ''])
  assert.match(err, 'there is no program "nothing"')
})

inLab('a project is enough: no stack file is needed', async ({ run, begin }) => {
  await run('up', '-d')
  const { code, out } = await begin(['-p', 'shop', 'exec', 'web', 'true'], { cwd: '/' }).ended
  assert.equal([code, out], [0, 'ran true\n'])
})

inLab('a dry run and a command that is left alone print nothing to standard output', async ({ run }) => {
  await run('up', '-d')
  const { code, out, err } = await run('--dry-run', 'exec', 'web', 'true')
  assert.equal([code, out, said.length], [0, '', 0])
  assert.match(err, /shop-web-1: true/)
  assert.equal(await run('exec', '-d', 'web', 'true'), { code: 0, out: '', err: '' })
  assert.is(said.length, 1)
})

test.run()
