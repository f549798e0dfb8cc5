import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isAway } from '../../src/diagnostics/backend-error.ts'
import { EngineError, failedInside } from '../../src/docker/port.ts'

const KINDS: [number | undefined, string, EngineError['kind']][] = [
  [undefined, 'the connection was lost before the answer arrived', 'unreachable'],
  [500, 'transport is closing: unavailable', 'unreachable'],
  [503, 'the daemon is shutting down', 'unreachable'],
  [500, 'Canceled: grpc: the client connection is closing: unknown', 'unreachable'],
  [500, 'driver failed programming external connectivity', 'failed'],
  [503, 'This node is not a swarm manager', 'failed'],
  [404, 'No such container: x', 'gone'],
  [409, 'Conflict. The container name "/x" is already in use', 'conflict'],
  [400, 'the daemon is shutting down, says a label', 'refused'],
  [200, 'the answer is a web page', 'invalid'],
]

for (const [status, message, kind] of KINDS) {
  test(`status ${status}, "${message}": ${kind}`, () => {
    const thrown = new EngineError(message, status)
    assert.is(thrown.kind, kind)
    assert.is(isAway(thrown), kind === 'unreachable')
    assert.is(thrown.diagnostics[0]?.code, isAway(thrown) ? 'engine-unreachable' : 'engine-error')
  })
}

test('a failure inside an answer is one of the engine, which answers', () => {
  assert.is(failedInside('toomanyrequests').kind, 'failed')
})

test('no other error says that the engine is away', () => {
  assert.not(isAway(Object.assign(new Error('socket hang up'), { name: 'EngineError' })))
})

test.run()
