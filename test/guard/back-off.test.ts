import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BackOff, delayBefore } from '../../src/guard/back-off.ts'

test('at once, then 1 s, 2 s, 4 s and so on, a minute at most', () => {
  const seconds = Array.from({ length: 10 }, (_, tries) => delayBefore(tries) / 1000)
  assert.equal(seconds, [0, 1, 2, 4, 8, 16, 32, 60, 60, 60])
})

/** How long each life of a container lasts until the next trouble. */
const lives = fc.array(fc.integer({ min: 0, max: 120_000 }), { maxLength: 20 })

test('pauses grow until it ran well for a minute, and noticing twice changes nothing', () => {
  fc.assert(
    fc.property(lives, (lasting) => {
      const backOff = new BackOff()
      let now = 0
      let tries = 0
      for (const [index, life] of lasting.entries()) {
        now += life
        if (index > 0 && life >= 60_000) tries = 0
        const due = backOff.notice('web/1', now, false)
        assert.is(due, now + delayBefore(tries))
        assert.is(backOff.notice('web/1', now + 1, false), due)
        assert.is(backOff.notice(`other/${index}`, now, false), now, 'each has its own')
        now = due
        assert.is(backOff.tried('web/1', now), tries)
        tries++
      }
    }),
  )
})

test('a container that never became healthy did not run well, however long it ran', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 600_000 }),
      fc.option(fc.integer({ min: 0, max: 600_000 })),
      (life, healthy) => {
        const backOff = new BackOff()
        backOff.notice('db/1', 0, true)
        backOff.tried('db/1', 0)
        if (healthy !== null && healthy < life) backOff.healthy('db/1', healthy)
        const ranWell = healthy !== null && healthy < life && life - healthy >= 60_000
        assert.is(backOff.notice('db/1', life, true), life + delayBefore(ranWell ? 0 : 1))
      },
    ),
  )
})

test.run()
