import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { drawHouse, PICTURE } from '../../scripts/house.mjs'

test('the picture of the folders is the one of the imports: `npm run house` draws it', () => {
  assert.is(readFileSync(PICTURE, 'utf8'), drawHouse())
})

test.run()
