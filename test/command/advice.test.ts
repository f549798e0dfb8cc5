import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ImageFixture } from '../support/memory/fixture.ts'
import { withLab } from './support.ts'

/** Advice that a failure comes with can be followed. */

const IMAGES: Record<string, ImageFixture> = {
  'db:1': { cmd: ['serve'] },
  'db:bad': {
    cmd: ['serve'],
    log: [{ after: 1, text: 'the cause' }],
    exits: { after: 50, code: 1 },
    passesAfter: 9_000,
  },
}

const stackOf = (image: string) => `
name: shop
services:
  db: { image: "${image}", healthcheck: { test: [CMD, "true"] } }
  web: { image: "db:1", depends_on: { db: { condition: service_healthy } } }
`

for (const isReplacement of [false, true])
  test(`a log is only said to be there where it is: ${isReplacement ? 'a replacement' : 'a new container'} that fails`, async () => {
    await withLab({ 'stack.yaml': stackOf('db:1') }, { images: IMAGES }, async ({ run, write }) => {
      if (isReplacement) assert.is((await run('up', '-d')).code, 0)
      write({ 'stack.yaml': stackOf('db:bad') })
      const { code, err } = await run('up', '-d', '--wait')
      assert.is(code, 1)
      assert.match(err, 'the cause')
      const isReported = err.includes('flotilla logs db')
      assert.is(isReported, !isReplacement, err)
      assert.is((await run('logs', 'db')).out.includes('the cause'), isReported)
    })
  })

test.run()
