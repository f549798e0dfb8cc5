import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { bytes, formatDuration, milliseconds, parseDuration, parseSize } from '../../src/stack/units.ts'

const DURATIONS: [text: string, nanoseconds: number | undefined, canonical?: string][] = [
  ['90s', 90e9, '1m30s'],
  ['1h30m', 5400e9, '1h30m0s'],
  ['1.5s', 1.5e9, '1.5s'],
  ['500ms', 5e8, '500ms'],
  ['1500ms', 1.5e9, '1.5s'],
  ['250us', 250e3, '250µs'],
  ['250µs', 250e3, '250µs'],
  ['7ns', 7, '7ns'],
  ['1d', 86400e9, '24h0m0s'],
  ['1w', 604800e9, '168h0m0s'],
  ['.5s', 5e8, '500ms'],
  ['0s', 0, '0s'],
  ['0', 0, '0s'],
  ['1h0m1s', 3601e9, '1h0m1s'],
  ['', undefined],
  ['5', undefined],
  ['-5s', undefined],
  ['5 s', undefined],
  ['5x', undefined],
  ['s', undefined],
  ['1m30', undefined],
]

for (const [text, nanoseconds, canonical] of DURATIONS) {
  test(`the duration ${JSON.stringify(text)}`, () => {
    assert.is(parseDuration(text), nanoseconds)
    if (nanoseconds !== undefined) assert.is(formatDuration(nanoseconds), canonical)
  })
}

test('a printed duration reads as the same duration', () => {
  fc.assert(fc.property(fc.nat({ max: 1e15 }), (value) => parseDuration(formatDuration(value)) === value))
})

test('milliseconds of a canonical duration, and an exception for anything else', () => {
  assert.is(milliseconds('1m30s'), 90_000)
  assert.is(milliseconds('250µs'), 0.25)
  assert.throws(() => milliseconds('soon'), /not a duration/)
})

const SIZES: [text: string, bytes: number | undefined][] = [
  ['512', 512],
  ['64m', 67_108_864],
  ['64M', 67_108_864],
  ['1gb', 1_073_741_824],
  ['1GiB', 1_073_741_824],
  ['1.5g', 1_610_612_736],
  ['10 kb', 10_240],
  ['3b', 3],
  ['2t', 2_199_023_255_552],
  ['0.1k', 102],
  ['', undefined],
  ['m', undefined],
  ['-5m', undefined],
  ['5mm', undefined],
  ['five', undefined],
]

for (const [text, expected] of SIZES) {
  test(`the size ${JSON.stringify(text)}`, () => {
    assert.is(parseSize(text), expected)
  })
}

test('bytes of a canonical size, -1 standing for unlimited', () => {
  assert.is(bytes('67108864'), 67_108_864)
  assert.is(bytes('-1'), -1)
  assert.throws(() => bytes('much'), /not a size/)
})

test.run()
