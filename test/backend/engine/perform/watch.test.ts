import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { watchContainers } from '../../../../src/backend/engine/perform/ready/watch.ts'
import { memoryEngine } from '../../../support/memory-engine.ts'

test('a stream of events that ends at once, again and again, is asked for less and less often', async () => {
  const asked: number[] = []
  const events = async () => {
    asked.push(performance.now())
    if (asked.length === 4) fourth()
    return (async function* () {})()
  }
  let fourth: () => void = () => undefined
  const reached = new Promise<void>((resolve) => {
    fourth = resolve
  })
  // Timers of ours keep nothing alive.
  const alive = setInterval(() => undefined, 1000)
  const leave = await watchContainers({ ...memoryEngine(), events }, 'p').listen('x', () => undefined)
  await reached
  leave()
  clearInterval(alive)
  const pauses = asked.slice(1).map((at, index) => at - (asked[index] ?? 0))
  assert.ok(
    pauses.every((pause, index) => pause >= 95 * 2 ** index),
    pauses.join(', '),
  )
})

test.run()
