import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { unwrap } from '../../../src/diagnostics/checked.ts'
import { loadFiles, placesOf } from '../support.ts'

test('the stack file wins over env files, and later files over earlier ones', () => {
  const { stack, spanOf } = unwrap(
    loadFiles(
      {
        'stack.yaml': 'services: {a: {image: x, env_file: [one.env, two.env], environment: {OWN: stack}}}',
        'one.env': 'OWN=one\nA=one\nB=one\n',
        'two.env': 'B=two\nC=${A}-${OUTER}\n',
      },
      { environment: { OUTER: 'outer' } },
    ),
  )
  assert.equal(stack.services.a?.environment, { A: 'one', B: 'two', C: 'one-outer', OWN: 'stack' })
  assert.is(stack.services.a?.env_file, undefined)
  const at = spanOf('services.a.environment.B')
  assert.equal([at?.file, at?.line], ['/lab/two.env', 1])
})

// As docker compose 2.40 has it: the stack's variables, the service's own, those above in the file, those of earlier files.
test('variables in env files are looked up in the service too, which label files are not', () => {
  const files = {
    'stack.yaml':
      'services: {a: {image: x, env_file: [one.env, two.env], label_file: l.env, environment: {USER: bob, OUTER: svc, KEPT: svc, T: }}}',
    'one.env': 'URL=pg://${USER}@db\nO=${OUTER}\nKEPT=one\nK=${KEPT}\nB=one\nT=one\nN=${T}\n',
    'two.env': 'X=${B}\nB=${B}2\nY=${B}\nUSER=two\nU=${USER}\n',
    'l.env': 'L=${USER-none}\n',
  }
  const { stack } = unwrap(loadFiles(files, { environment: { OUTER: 'outer' } }))
  const { OUTER: _, USER: __, ...environment } = stack.services.a?.environment ?? {}
  assert.equal(environment, {
    URL: 'pg://bob@db',
    O: 'outer',
    KEPT: 'svc',
    K: 'svc',
    B: 'one2',
    T: null,
    N: 'one',
    X: 'one',
    Y: 'one2',
    U: 'bob',
  })
  assert.equal(stack.services.a?.labels, { L: 'none' })
})

test('values are taken as they are in raw format', () => {
  const files = {
    'stack.yaml': 'services: {a: {image: x, env_file: [{path: r.env, format: raw}]}}',
    'r.env': 'A="$B" # c\n',
  }
  assert.equal(unwrap(loadFiles(files)).stack.services.a?.environment, { A: '"$B" # c' })
})

test('a file that is not there is an error, unless it is not required', () => {
  const text = (entry: string) => ({ 'stack.yaml': `services:\n  a:\n    image: x\n    env_file:\n      - ${entry}\n` })
  assert.equal(placesOf(loadFiles(text('no.env'))), ['file-missing 5:9'])
  assert.equal(placesOf(loadFiles(text('{path: no.env}'))), ['file-missing 5:16'])
  assert.ok(loadFiles(text('{path: no.env, required: false}')).ok)
})

test('a problem in an env file is reported in that file', () => {
  const result = loadFiles({ 'stack.yaml': 'services: {a: {image: x, env_file: a.env}}', 'a.env': 'A=1\nB C=2\n' })
  assert.equal(placesOf(result), ['env-file-syntax 2:2'])
})

test('labels come from label files the same way', () => {
  const files = {
    'stack.yaml': 'services: {a: {image: x, label_file: l.txt, labels: [own=1]}}',
    'l.txt': 'own=2\nother=3\n',
  }
  assert.equal(unwrap(loadFiles(files)).stack.services.a?.labels, { other: '3', own: '1' })
})

test.run()
