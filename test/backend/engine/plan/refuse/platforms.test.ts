import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isPlatform } from '../../../../../src/backend/docker/platform.ts'
import { planUp } from '../../../../../src/backend/engine/plan/command/up.ts'
import { UP } from '../../../../../src/backend/intent.ts'
import type { Service } from '../../../../../src/stack/model.ts'
import { declared, stackOf } from '../../../support.ts'
import { emptyWorld } from '../../world.ts'

test('platforms are those that containerd parses', () => {
  const valid = ['linux', 'arm64', 'x86_64', 'ARM64', 'linux/amd64', 'linux/arm/v7', 'new_os/new-arch', 'a/b/c']
  for (const text of [...valid, 'windows(10.0.17763)/amd64', 'windows(10.0.17763)+win32k/amd64'])
    assert.is(isPlatform(text), true, text)
  const invalid = ['', 'bogus', '/', 'linux/', 'linux//v8', 'linux/amd64/', 'a/b/c/d', 'linux/am d64', '*', 'linux/*']
  for (const text of invalid) assert.is(isPlatform(text), false, text)
})

function problemsOf(service: Service, defaultPlatform: string): string[] {
  const stack = { ...stackOf({ services: { web: service } }), defaultPlatform }
  const result = planUp(declared(stack), emptyWorld(stack), UP)
  return (result.ok ? [] : result.diagnostics).map(({ code }) => code)
}

test('a platform that is none is refused before anything is done, where it would be used', () => {
  for (const platform of ['bogus', 'a/b/c/d']) {
    assert.equal(problemsOf({ platform }, ''), ['invalid-value'])
    assert.equal(problemsOf({}, platform), ['invalid-value'])
    assert.equal(problemsOf({ platform: 'linux/arm64' }, platform), [])
  }
  assert.equal(problemsOf({}, ''), [])
  assert.equal(problemsOf({}, 'linux/amd64'), [])
})

test.run()
