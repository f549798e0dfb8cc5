import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { buildNotes } from '../../../../src/backend/engine/check/build.ts'
import { loadText } from '../../../load/support.ts'

test('a Dockerfile beside a context that the engine fetches is reported, not left out in silence', () => {
  const noted = (context: string) =>
    buildNotes(loadText(`services: {a: {build: {context: "${context}", dockerfile_inline: FROM x}}}`)).map(
      ({ code, message }) => [code, /dockerfile_inline/.test(message)],
    )
  for (const context of ['https://github.com/x/y.git', 'git@github.com:x/y.git', 'github.com/x/y'])
    assert.equal(noted(context), [['not-supported', true]], context)
  assert.equal(noted('./y'), [])
})

test.run()
