import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { virtualClock } from './clock.ts'

test('sleeps end in the order of their ends, each at its own time', async () => {
  const clock = virtualClock()
  const woken: [string, number][] = []
  const sleep = async (name: string, ms: number) => {
    await clock.sleep(ms)
    woken.push([name, clock.now()])
  }
  await Promise.all([sleep('c', 60_000), sleep('a', 10), sleep('b', 10), sleep('none', 0)])
  assert.equal(woken, [
    ['none', 0],
    ['a', 10],
    ['b', 10],
    ['c', 60_000],
  ])
})

test('time stands still while anybody has something to do', async () => {
  const clock = virtualClock()
  const sleeping = clock.sleep(5)
  for (let turn = 0; turn < 1000; turn++) await undefined
  assert.is(clock.now(), 0)
  await sleeping
  assert.is(clock.now(), 5)
})

test('an aborted sleep rejects with the reason, and time does not wait for it', async () => {
  const clock = virtualClock()
  const stop = new AbortController()
  const sleeping = clock.sleep(1000, stop.signal).catch((reason) => reason)
  stop.abort('enough')
  assert.is(await sleeping, 'enough')
  await clock.sleep(1)
  assert.is(clock.now(), 1)
  assert.is(await clock.sleep(1, stop.signal).catch((reason) => reason), 'enough')
})

test('a sleep that no test can mean rejects', async () => {
  const clock = virtualClock({ limit: 100 })
  assert.instance(await clock.sleep(101).catch((error) => error), Error)
})

test('by hand, time moves as far as requested', async () => {
  const clock = virtualClock({ manual: true })
  const woken: number[] = []
  const ticking = (async () => {
    for (let beat = 0; beat < 3; beat++) {
      await clock.sleep(10)
      woken.push(clock.now())
    }
  })()
  await clock.advance(25)
  assert.equal(woken, [10, 20])
  assert.is(clock.now(), 25)
  await clock.advance(5)
  await ticking
  assert.equal(woken, [10, 20, 30])
})

test.run()
