import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Address } from '../../src/stack/address.ts'
import { LogPrinter } from '../../src/view/log-lines.ts'
import { paletteOf } from '../../src/view/palette.ts'
import { ago, duration } from '../../src/view/progress/time.ts'
import { titleOf } from '../../src/view/progress/words.ts'
import { table } from '../../src/view/table.ts'

const DURATIONS: [ms: number, text: string][] = [
  [0, '0.0 s'],
  [-3, '0.0 s'],
  [49, '0.0 s'],
  [13_340, '13.3 s'],
  [59_940, '59.9 s'],
  [59_960, '1 min 0 s'],
  [125_000, '2 min 5 s'],
  [3_599_600, '1 h 0 min'],
  [3_780_000, '1 h 3 min'],
]

for (const [ms, text] of DURATIONS) test(`${ms} ms are ${text}`, () => assert.is(duration(ms), text))

/** As docker's units.HumanDuration has them (github.com/docker/go-units). */
const AGO: [seconds: number, text: string][] = [
  [0, 'Less than a second'],
  [1, '1 second'],
  [59, '59 seconds'],
  [60, 'About a minute'],
  [119, 'About a minute'],
  [120, '2 minutes'],
  [3599, '59 minutes'],
  [3600, 'About an hour'],
  [5399, 'About an hour'],
  [5400, '2 hours'],
  [7200, '2 hours'],
  [47 * 3600, '47 hours'],
  [48 * 3600, '2 days'],
  [13 * 86_400, '13 days'],
  [14 * 86_400, '2 weeks'],
  [59 * 86_400, '8 weeks'],
  [60 * 86_400, '2 months'],
  [729 * 86_400, '24 months'],
  [730 * 86_400, '2 years'],
]

for (const [seconds, text] of AGO)
  test(`${seconds} s ago is "${text} ago"`, () => assert.is(ago(seconds), `${text} ago`))

const TITLES: [address: Address, title: string][] = [
  ['container/web/2', 'web-2'],
  ['service/web', 'web'],
  ['network/default', 'network default'],
  ['image/registry.example/team/app:1', 'image registry.example/team/app:1'],
  ['orphan/lab-old-1', 'orphan lab-old-1'],
]

for (const [address, title] of TITLES) test(`${address} is called ${title}`, () => assert.is(titleOf(address), title))

test('columns are as wide as their widest cell, wide characters counted, and an empty last cell is kept', () => {
  const text = table(
    ['NAME', 'PORTS'],
    [
      ['日本', '80'],
      ['a', ''],
      ['longest', '443'],
    ],
  )
  assert.is(text, 'NAME      PORTS\n日本      80\na         \nlongest   443\n')
})

test('log lines of all containers begin in one column', () => {
  const printer = new LogPrinter({ prefix: true, timestamps: false }, paletteOf({ colours: 0 }), ['web-1', 'postgis-1'])
  assert.is(printer.line('web-1', 'hello'), 'web-1      | hello\n')
  assert.is(printer.line('postgis-1', ''), 'postgis-1  | \n')
})

test('each container keeps its colour, and neighbours differ', () => {
  const printer = new LogPrinter({ prefix: true, timestamps: false }, paletteOf({ colours: 1 }), ['a-1', 'b-1'])
  assert.is(printer.line('a-1', 'x'), printer.line('a-1', 'x'))
  assert.is.not(printer.line('a-1', 'x').replace('a-1', ''), printer.line('b-1', 'x').replace('b-1', ''))
})

test('prefix and time are as asked for', () => {
  const time = '2026-01-02T03:04:05.000000000Z'
  const line = (prefix: boolean, timestamps: boolean) =>
    new LogPrinter({ prefix, timestamps }, paletteOf({ colours: 0 })).line('web-1', 'hello', time)
  assert.is(line(false, false), 'hello\n')
  assert.is(line(false, true), `${time} hello\n`)
  assert.is(line(true, true), `web-1  | ${time} hello\n`)
})

test.run()
