import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { shared, Wakeup } from '../../src/util/async.ts'

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

test('calls that are made during one share the next one, which begins after they were made', async () => {
  let now = 0
  const begun: number[] = []
  const ends: (() => void)[] = []
  const ask = shared(async () => {
    begun.push(now)
    const seen = now
    await new Promise<void>((resolve) => ends.push(resolve))
    return seen
  })
  const first = ask()
  now = 1
  const during = [ask(), ask()]
  ends.shift()?.()
  assert.is(await first, 0)
  await Promise.resolve()
  now = 2
  const after = ask()
  ends.shift()?.()
  assert.equal(await Promise.all(during), [1, 1])
  await Promise.resolve()
  ends.shift()?.()
  assert.is(await after, 2)
  assert.equal(begun, [0, 1, 2])
})

test('a shared call that fails leaves the next one to be made', async () => {
  let calls = 0
  const ask = shared(async () => {
    calls++
    if (calls === 1) throw new Error('no')
    return calls
  })
  const failed = ask().catch(() => 'failed')
  const next = ask()
  assert.equal(await Promise.all([failed, next]), ['failed', 2])
  assert.is(await ask(), 3)
})

test.run()
