import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { patienceOf } from '../../src/docker/patience.ts'

const CASES: [env: Record<string, string>, patience: object][] = [
  [{}, { limit: 60_000, strict: false }],
  [{ FLOTILLA_ENGINE_TIMEOUT: '' }, { limit: 60_000, strict: false }],
  [{ COMPOSE_HTTP_TIMEOUT: '200' }, { limit: 200_000, strict: true }],
  [{ DOCKER_CLIENT_TIMEOUT: '7' }, { limit: 7000, strict: true }],
  [
    { FLOTILLA_ENGINE_TIMEOUT: '1.5', COMPOSE_HTTP_TIMEOUT: '200' },
    { limit: 1500, strict: true },
  ],
  [{ FLOTILLA_ENGINE_TIMEOUT: '0', COMPOSE_HTTP_TIMEOUT: '200' }, { strict: true }],
  [{ FLOTILLA_ENGINE_TIMEOUT: '9'.repeat(400) }, { strict: true }],
]

for (const [env, patience] of CASES) {
  test(JSON.stringify(env).slice(0, 80), () => {
    assert.equal(patienceOf(env), { ok: true, value: patience, warnings: [] })
  })
}

for (const value of ['-1', 'soon', '1e3', 'NaN']) {
  test(`"${value}" is no number of seconds`, () => {
    const found = patienceOf({ COMPOSE_HTTP_TIMEOUT: value })
    assert.not.ok(found.ok)
    assert.match(found.ok ? '' : (found.diagnostics[0]?.message ?? ''), `COMPOSE_HTTP_TIMEOUT is "${value}"`)
  })
}

test.run()
