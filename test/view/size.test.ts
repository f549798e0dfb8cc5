import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { goTime } from '../../src/view/go-time.ts'
import { binarySize, decimalSize } from '../../src/view/size.ts'

const SIZES: [bytes: number, decimal: string, binary: string][] = [
  [0, '0B', '0B'],
  [999, '999B', '999B'],
  [1000, '1kB', '1000B'],
  [1024, '1.02kB', '1KiB'],
  [1_982_323, '1.98MB', '1.89MiB'],
  [999_999, '1e+03kB', '976.6KiB'],
  [1_048_570, '1.05MB', '1024KiB'],
  [25_276_510_208, '25.3GB', '23.54GiB'],
]

for (const [bytes, decimal, binary] of SIZES)
  test(`${bytes} bytes are ${decimal} or ${binary}`, () => {
    assert.equal([decimalSize(bytes), binarySize(bytes)], [decimal, binary])
  })

const ZONES: [zone: string, winter: string][] = [
  ['UTC', '2026-01-02 03:04:05 +0000 UTC'],
  ['Europe/Berlin', '2026-01-02 04:04:05 +0100 CET'],
  ['America/New_York', '2026-01-01 22:04:05 -0500 EST'],
  ['Asia/Kolkata', '2026-01-02 08:34:05 +0530 IST'],
  ['Asia/Tokyo', '2026-01-02 12:04:05 +0900 JST'],
  ['America/Sao_Paulo', '2026-01-02 00:04:05 -0300 -03'],
]

test('a time is printed as Go does, in the time zone of this machine', () => {
  const before = process.env.TZ
  try {
    for (const [zone, text] of ZONES) {
      process.env.TZ = zone
      assert.is(goTime(new Date(Date.UTC(2026, 0, 2, 3, 4, 5))), text)
    }
  } finally {
    if (before === undefined) delete process.env.TZ
    else process.env.TZ = before
  }
})

test.run()
