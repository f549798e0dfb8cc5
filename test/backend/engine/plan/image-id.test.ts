import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { planUp } from '../../../../src/backend/engine/plan/command/up.ts'
import { UP } from '../../../../src/backend/intent.ts'
import type { ImageSummary } from '../../../../src/docker/port.ts'
import { declared, stackOf } from '../../support.ts'
import { emptyWorld, upText } from '../world.ts'

const DIGITS = 'b9a6e0da2ea68f270f66f2af8a279811b6d20e694b37bc21ad3c2adddb8266fc'
const image = (digits: string, tags: string[] = []): ImageSummary => ({
  id: `sha256:${digits}`,
  labels: {},
  tags,
  digests: [],
})

function upOf(reference: string, images: ImageSummary[], more: object = {}): string {
  const stack = stackOf({ services: { a: { image: reference, ...more } } })
  return upText(stack, { ...emptyWorld(stack), images })
}

test('an image is found by its id, or the beginning of it, and never pulled then', () => {
  for (const reference of [DIGITS, `sha256:${DIGITS}`, DIGITS.slice(0, 12), `sha256:${DIGITS.slice(0, 12)}`])
    for (const pull_policy of ['missing', 'always', 'daily', 'never'])
      assert.not.match(upOf(reference, [image(DIGITS)], { pull_policy }), 'pull:', `${reference} ${pull_policy}`)
})

test('a name of hexadecimal digits wins over an id, and what begins no id, or two, is pulled', () => {
  const name = DIGITS.slice(0, 12)
  const named = image('0'.repeat(64), [`${name}:latest`])
  assert.not.match(upOf(name, [image(DIGITS), named]), 'pull:')
  assert.match(upOf(name, [image(DIGITS), named], { pull_policy: 'always' }), 'pull:')
  assert.match(upOf('deadbeefdead', [image(DIGITS)]), 'pull:image/deadbeefdead')
  assert.match(upOf(name, [image(DIGITS), image(`${name}${'1'.repeat(52)}`)]), 'pull:')
})

test('a whole id that is not there is refused before anything is done: no registry has it', () => {
  for (const reference of [DIGITS, `sha256:${DIGITS}`]) {
    const stack = stackOf({ services: { a: { image: reference } } })
    const result = planUp(declared(stack), { ...emptyWorld(stack), images: [] }, UP)
    const [problem] = result.ok ? [] : result.diagnostics
    assert.is(problem?.code, 'image-unavailable')
    assert.match(problem?.hint ?? '', 'cannot be pulled')
  }
})

test.run()
