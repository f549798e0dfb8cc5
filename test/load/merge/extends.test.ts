import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { unwrap } from '../../../src/diagnostics/checked.ts'
import { loadFiles, placesOf, problemsIn } from '../support.ts'

test('a service takes what another one has, its own values winning', () => {
  const { stack } = unwrap(
    loadFiles({
      'stack.yaml':
        'services: {web: {extends: base, environment: {A: own}}, base: {image: b, environment: {A: 1, B: 2}, tty: true}}',
    }),
  )
  const { networks: _, ...web } = stack.services.web ?? {}
  assert.equal(web, { image: 'b', tty: true, environment: { A: 'own', B: '2' } })
})

test('paths start where the extended file lies, along a chain of files', () => {
  const { stack, spanOf } = unwrap(
    loadFiles({
      'stack.yaml': 'services: {web: {extends: {file: one/a.yaml, service: a}}}',
      'one/a.yaml': 'services: {a: {extends: {file: ../two/b.yaml, service: b}, env_file: a.env, build: {context: .}}}',
      'one/a.env': 'A=1',
      'two/b.yaml': 'services: {b: {image: b, volumes: ["./data:/data"]}}',
    }),
  )
  assert.is(stack.services.web?.build?.context, '/lab/one')
  assert.is(stack.services.web?.volumes?.[0]?.source, '/lab/two/data')
  assert.equal(stack.services.web?.environment, { A: '1' })
  assert.is(spanOf('services.web.image')?.file, '/lab/two/b.yaml')
})

test('a circle is reported once, with every step', () => {
  const result = loadFiles({
    'stack.yaml': 'services:\n  a: {extends: b}\n  b: {extends: {file: ./other.yaml, service: c}}\n',
    'other.yaml': 'services:\n  c: {extends: {file: stack.yaml, service: b}}\n',
  })
  const [problem, ...others] = problemsIn(result)
  assert.equal(others, [])
  assert.is(problem?.code, 'extends-failed')
  assert.match(problem?.message ?? '', 'c -> b -> c')
  assert.is(problem?.related?.length, 1)
})

test('a service may not extend itself', () => {
  assert.equal(placesOf(loadFiles({ 'stack.yaml': 'services:\n  a: {image: x, extends: a}\n' })), [
    'extends-failed 2:26',
  ])
})

test('a missing file or service is reported where it is named', () => {
  const files = {
    'stack.yaml': 'services:\n  a: {extends: bse}\n  base: {image: x}\n  c: {extends: {file: no.yaml, service: x}}\n',
  }
  const result = loadFiles(files)
  assert.equal(placesOf(result), ['unknown-service 2:16', 'file-missing 4:23'])
  assert.match(problemsIn(result)[0]?.hint ?? '', '"base"')
})

test('problems of an extended file are reported in that file, once', () => {
  const result = loadFiles({
    'stack.yaml': 'services: {a: {extends: {file: o.yaml, service: x}}, b: {extends: {file: o.yaml, service: x}}}',
    'o.yaml': 'services:\n  x: {image: x, prots: []}\n',
  })
  assert.equal(placesOf(result), ['unknown-key 2:17'])
  assert.is(problemsIn(result)[0]?.at?.file, '/lab/o.yaml')
})

test.run()
