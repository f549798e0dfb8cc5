import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Wakeup } from '../../src/util/async.ts'

test('a ring while nobody waits ends the next wait, and no other', async () => {
  const wakeup = new Wakeup()
  wakeup.ring()
  wakeup.ring()
  await wakeup.next()
  let isOver = false
  const second = wakeup.next().then(() => {
    isOver = true
  })
  await Promise.resolve()
  assert.is(isOver, false)
  wakeup.ring()
  await second
})

test('a wait that is aborted rejects with the reason, and takes an earlier ring with it', async () => {
  const wakeup = new Wakeup()
  wakeup.ring()
  const reason = new Error('enough')
  assert.is(await wakeup.next(AbortSignal.abort(reason)).catch((thrown) => thrown), reason)
  const stop = new AbortController()
  const waiting = wakeup.next(stop.signal).catch((thrown) => thrown)
  stop.abort(reason)
  assert.is(await waiting, reason)
})

test.run()
