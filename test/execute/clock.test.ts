import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { realClock } from '../../src/execute/clock.ts'

test('a pause longer than timers can hold does not end at once', async () => {
  const abort = new AbortController()
  const ended: string[] = []
  const long = realClock.sleep(1e12, abort.signal).then(
    () => ended.push('long'),
    () => ended.push('aborted'),
  )
  await realClock.sleep(20).then(() => ended.push('short'))
  abort.abort('over')
  await long
  assert.equal(ended, ['short', 'aborted'])
})

test.run()
