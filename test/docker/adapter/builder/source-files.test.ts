import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { StackError } from '../../../../src/diagnostics/checked.ts'
import { withoutMarks } from '../../../../src/diagnostics/foreign.ts'
import { buildContext } from '../../../../src/docker/adapter/builder/context.ts'
import { readDockerfile } from '../../../../src/docker/adapter/builder/dockerfile.ts'
import { withFolder } from '../../../support/folder.ts'

/** What may stand in the place of a file, and what is said of it. */
const STRANGE: [string, (path: string) => void, RegExp][] = [
  ['a directory', (path) => mkdirSync(path), /is a directory/],
  ['a device without end', (path) => symlinkSync('/dev/zero', path), /is larger than 4 MiB/],
  ['a link to itself', (path) => symlinkSync(path, path), /round in a circle/],
  ['a link to a directory', (path) => symlinkSync('/tmp', path), /is a directory/],
]
const PIPE: (typeof STRANGE)[number] = ['a pipe', (path) => execFileSync('mkfifo', [path]), /is a pipe/]

function problemIn(body: () => unknown): string {
  try {
    return `read: ${body()}`
  } catch (thrown) {
    assert.instance(thrown, StackError)
    return withoutMarks((thrown as Error).message)
  }
}

for (const [name, make, said] of [...STRANGE, PIPE]) {
  for (const ignore of ['.dockerignore', 'Dockerfile.dockerignore']) {
    test(`${ignore} that is ${name} is refused by name, whichever builder is used`, () =>
      withFolder({ Dockerfile: 'FROM x' }, async (context) => {
        make(join(context, ignore))
        const spec = { context, dockerfile: 'Dockerfile' }
        const problem = problemIn(() => readDockerfile(spec))
        assert.match(problem, said)
        assert.ok(problem.includes(join(context, ignore)), problem)
        assert.is(withoutMarks(await buildContext(spec).catch(({ message }) => message)), problem)
      }))
  }
}

for (const [name, make, said] of STRANGE) {
  test(`a Dockerfile that is ${name} is refused by name`, () =>
    withFolder({}, async (context) => {
      make(join(context, 'Dockerfile'))
      const problem = problemIn(() => readDockerfile({ context, dockerfile: 'Dockerfile' }))
      assert.match(problem, said)
      assert.ok(problem.includes(join(context, 'Dockerfile')), problem)
    }))
}

test('an ignore file that may not be read is refused', () =>
  withFolder({ Dockerfile: 'FROM x', '.dockerignore': 'secret' }, async (context) => {
    chmodSync(context, 0o755)
    chmodSync(join(context, '.dockerignore'), 0o600)
    const user = process.geteuid?.() ?? 0
    if (user === 0) process.seteuid?.('nobody')
    else chmodSync(join(context, '.dockerignore'), 0)
    try {
      assert.match(
        problemIn(() => readDockerfile({ context, dockerfile: 'Dockerfile' })),
        /permission denied/,
      )
    } finally {
      process.seteuid?.(user)
    }
  }))

test('the file of the Dockerfile goes before that of the context; one that is a link counts like any other', () =>
  withFolder({ Dockerfile: 'FROM x', elsewhere: 'a' }, async (context) => {
    const spec = { context, dockerfile: 'Dockerfile' }
    assert.is(readDockerfile(spec).ignore, undefined)
    symlinkSync('elsewhere', join(context, '.dockerignore'))
    assert.is(readDockerfile(spec).ignore, 'a')
    symlinkSync('/dev/null', join(context, 'Dockerfile.dockerignore'))
    assert.is(readDockerfile(spec).ignore, '')
    assert.is(readDockerfile({ ...spec, dockerfileInline: 'FROM y' }).ignore, 'a')
  }))

test.run()
