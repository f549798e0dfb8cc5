import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { flotilla } from '../support/cli.ts'

const root = join(import.meta.dirname, '../..')
const cwd = tmpdir()

test('the version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  assert.equal(await flotilla(['version', '--short'], { cwd }), { code: 0, stdout: `${version}\n`, stderr: '' })
})

test('problems go to standard error, with exit code 1', async () => {
  const { code, stdout, stderr } = await flotilla(['upp'], { cwd })
  assert.equal([code, stdout], [1, ''])
  assert.match(stderr, 'did you mean "up"?')
})

test('a stack is read from standard input and printed to standard output', async () => {
  const stdin = 'name: piped\nservices: { one: { image: "some:1" } }\n'
  const { code, stdout, stderr } = await flotilla(['-f', '-', 'config', '--images'], { cwd, stdin })
  assert.equal([code, stdout, stderr], [0, 'some:1\n', ''])
})

test('the environment decides as flags do', async () => {
  const stdin = 'services: { one: { imagine: 1 } }\n'
  const env = { COMPOSE_FILE: '-', COMPOSE_PROGRESS: 'json', COMPOSE_PROJECT_NAME: 'p' }
  const { code, stderr } = await flotilla(['config'], { cwd, stdin, env })
  assert.is(code, 1)
  assert.ok(
    stderr
      .trimEnd()
      .split('\n')
      .every((line) => JSON.parse(line).type === 'problem'),
    stderr,
  )
})

test("--env-file is ours, not Node's", async () => {
  const ran = await new Promise<string>((resolve) => {
    const child = spawn(join(root, 'dist/main.js'), ['--env-file', 'nope.env', 'config', '-q'], { cwd })
    let stderr = ''
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.on('close', () => resolve(stderr))
  })
  assert.match(ran, /^error\[/)
})

test('a reader that has seen enough is no failure', async () => {
  const child = spawn(process.execPath, [join(root, 'dist/main.js'), 'help', 'up'], { cwd })
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  child.stdout.destroy()
  const code = await new Promise((resolve) => child.on('close', resolve))
  assert.equal([code, stderr], [0, ''])
})

test('output that cannot be written is a failure, and said to be one; what prints nothing does not fail for it', async () => {
  const full = (...args: string[]) =>
    new Promise<{ code: number | null; stderr: string }>((resolve) => {
      const out = openSync('/dev/full', 'w')
      const child = spawn(process.execPath, [join(root, 'dist/main.js'), ...args], {
        cwd,
        stdio: ['ignore', out, 'pipe'],
      })
      closeSync(out)
      let stderr = ''
      child.stderr?.on('data', (chunk) => {
        stderr += chunk
      })
      child.on('close', (code) => resolve({ code, stderr }))
    })
  const { code, stderr } = await full('help', 'up')
  assert.equal([code, stderr], [1, 'error[usage]: standard output cannot be written: no space left on device\n'])
  assert.is.not((await full('version', '--nonsense')).stderr.includes('cannot be written'), true)
})

test.run()
