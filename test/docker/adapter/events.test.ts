import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseEvent } from '../../../src/docker/adapter/events.ts'

test('the time is exact to the nanosecond', () => {
  const line =
    '{"status":"die","id":"abc","from":"x","Type":"container","Action":"die","Actor":{"ID":"abc","Attributes":{"exitCode":"1","trick":"\\"timeNano\\":5}"}},"scope":"local","time":1767323045,"timeNano":1767323045123456789}'
  assert.equal(parseEvent(line), {
    type: 'container',
    action: 'die',
    id: 'abc',
    attributes: { exitCode: '1', trick: '"timeNano":5}' },
    timeNano: 1767323045123456789n,
  })
})

test.run()
