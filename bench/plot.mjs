// The picture of the README: who takes how long for what.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../scripts/lib/project.mjs'
import { COMPOSE, FLOOR, FLOTILLA } from './subjects.mjs'
import { bar, line, picture, text } from './svg.mjs'
import { duration } from './table.mjs'

const PLOT = join(root, 'docs/images/benchmark.svg')

/** Case and operation of each row of the picture, and what it is called there. */
const ROWS = [
  ['flat 10', 'up', '10 services: first up'],
  ['flat 10', 'again', 'up, nothing to do'],
  ['flat 10', 'down', 'down'],
  ['layered 50', 'up', '50 services in layers: first up'],
  ['layered 50', 'again', 'up, nothing to do'],
  ['layered 50', 'change', 'up, one service changed'],
  ['layered 50', 'down', 'down'],
  ['chain 30', 'up', 'a chain of 30: first up'],
  ['config 1000', 'config', '1000 services: config -q'],
  ['healthy chain 8', 'up', '8 services, each waits for health'],
  ['ready after 2 s', 'up', 'a database ready after 2 s'],
]

const WIDTH = 760
const LEFT = 250
const RIGHT = 70
const TOP = 64
const ROW = 38
const BAR = 11
const LONGEST_NUMBER = 46

// Tones of middle brightness, and text of a grey that stands out from white and from black.
const STYLES = `
text { font: 12px system-ui, sans-serif; fill: #6e7781; }
.title { font-size: 15px; font-weight: 600; }
.value { font-size: 11px; }
.flotilla { fill: #1f883d; }
.compose { fill: #8c959f; }
.floor { stroke: #d1242f; stroke-width: 2; }
@media (prefers-color-scheme: dark) {
  text { fill: #9198a1; }
  .flotilla { fill: #3fb950; }
  .compose { fill: #656c76; }
  .floor { stroke: #f85149; }
}`

/** Writes the picture and returns where it is. Bars of a row are as long as its slowest; the mark is the floor. */
export function plotResults({ rows }) {
  const found = ROWS.flatMap(([name, operation, label]) => {
    const row = rows.find((each) => each.case === name && each.operation === operation)
    return row ? [{ label, of: (subject) => row.subjects[subject]?.ms.median }] : []
  })
  const height = TOP + found.length * ROW + 12
  const title = 'flotilla beside docker compose and the engine’s own speed'
  const shapes = [text(16, 26, title, { kind: 'title' }), ...legend(), ...found.flatMap(rowShapes)]
  mkdirSync(join(PLOT, '..'), { recursive: true })
  writeFileSync(PLOT, picture({ width: WIDTH, height, title, styles: STYLES, shapes }))
  return PLOT
}

function legend() {
  const y = 44
  return [
    bar(16, y - 9, 14, 9, 'flotilla'),
    text(36, y, 'flotilla'),
    bar(100, y - 9, 14, 9, 'compose'),
    text(120, y, 'docker compose'),
    line(226, y - 11, 226, y + 2, 'floor'),
    text(234, y, 'the floor: the same calls to the engine, with no logic'),
  ]
}

function rowShapes({ label, of }, index) {
  const y = TOP + index * ROW
  const longest = Math.max(...[FLOOR, FLOTILLA, COMPOSE].map((each) => of(each) ?? 0))
  const end = (ms) => LEFT + ((WIDTH - LEFT - RIGHT) * ms) / longest
  const mark = of(FLOOR) === undefined ? undefined : end(of(FLOOR))
  const bars = [FLOTILLA, COMPOSE].flatMap((subject, place) => {
    const ms = of(subject)
    if (ms === undefined) return []
    const top = y + 4 + place * (BAR + 2)
    const kind = subject === FLOTILLA ? 'flotilla' : 'compose'
    const value = text(besideMark(end(ms), mark), top + 9.5, duration(ms), { kind: 'value' })
    return [bar(LEFT, top, end(ms) - LEFT, BAR, kind), value]
  })
  const floor = mark === undefined ? [] : [line(mark, y + 2, mark, y + 6 + 2 * BAR, 'floor')]
  return [text(LEFT - 10, y + 20, label, { anchor: 'end' }), ...bars, ...floor]
}

/** Where a bar's number stands: after its end, and not under the floor's mark. */
function besideMark(end, mark) {
  const covered = mark !== undefined && mark > end - 2 && mark < end + LONGEST_NUMBER
  return (covered ? mark : end) + 6
}
