import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { unwrap } from '../../src/diagnostics/checked.ts'
import { MERGERS, mergeDocuments } from '../../src/load/merge/merge.ts'
import { UNINTERPOLATED_MERGERS } from '../../src/load/print/uninterpolated/merge.ts'
import { parseYaml } from '../../src/yaml/parse.ts'
import { SHAPES, type Shape } from './growth.ts'
import { loadFiles, problemsIn } from './support.ts'

const SMALL = 250
const TIMES = 4

/** Four times the size takes four times the time if it is linear, sixteen times if it is quadratic. */
const MOST_GROWTH = 10

/** Milliseconds of processor time below which growth is noise. */
const NOTHING = 60

for (const [name, shape] of Object.entries(SHAPES)) {
  test(`${name}: time grows with the size, not with its square`, () => {
    let growth = Infinity
    let [small, large] = [Infinity, Infinity]
    // The fastest of some: whatever else the machine does only makes runs slower.
    for (let round = 0; round < 4 && growth > MOST_GROWTH; round++) {
      small = Math.min(small, timeOf(shape, SMALL))
      large = Math.min(large, timeOf(shape, SMALL * TIMES))
      growth = large < NOTHING ? 0 : large / small
    }
    assert.ok(growth <= MOST_GROWTH, `${SMALL}: ${small} ms, ${SMALL * TIMES}: ${large} ms`)
  })
}

function timeOf(shape: Shape, count: number): number {
  const files = shape(count)
  const before = process.cpuUsage()
  loadFiles(files)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

test('files that each include two files come to an end', () => {
  const files = Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [
      at === 0 ? 'stack.yaml' : `part${at}.yaml`,
      `include: [part${at + 1}.yaml, ./part${at + 1}.yaml]\nservices: { s${at}: { image: x } }`,
    ]),
  )
  assert.ok(problemsIn(loadFiles(files)).some(({ code }) => code === 'extends-failed'))
})

for (const [form, mergers] of [
  ['', MERGERS],
  [', as they are written', UNINTERPOLATED_MERGERS],
] as const)
  test(`documents are merged in time that grows with their number${form}`, () => {
    const timeFor = (count: number) => {
      const text = (at: number) =>
        `services: { a: { environment: { A${at}: x }, ports: [${at}] }, s${at}: { image: x } }`
      const documents = Array.from({ length: count }, (_, at) => unwrap(parseYaml(text(at), 'stack.yaml')))
      const before = process.cpuUsage()
      mergeDocuments(documents, mergers)
      return process.cpuUsage(before).user / 1000
    }
    const [small, large] = [timeFor(1500), timeFor(6000)]
    assert.ok(large <= Math.max(4 * NOTHING, MOST_GROWTH * small), `${small} ms, then ${large} ms`)
  })

test('the call stack lasts for whatever stands in a row', () => {
  for (const name of ['services that extend each other in a row', 'files that include each other in a row']) {
    loadFiles(SHAPES[name]?.(5000) ?? {})
  }
})

test.run()
