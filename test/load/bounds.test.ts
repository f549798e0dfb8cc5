import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { UP } from '../../src/backend/intent.ts'
import { DiskError, readBounded } from '../../src/load/file/disk.ts'
import { parseDotenv } from '../../src/load/variable/dotenv.ts'
import { parseSaved } from '../../src/project/saved-shape.ts'
import { loadFiles, loadText, problemsIn } from './support.ts'

const one = (key: string, text: string) => `services:\n  a:\n    image: x\n    ${key}: ${text}\n`

/** Milliseconds of processor time. */
function timeOf(work: () => void): number {
  const before = process.cpuUsage()
  work()
  return process.cpuUsage(before).user / 1000
}

test('variables that double each other come to an end, with a place', () => {
  const lines = Array.from({ length: 60 }, (_, at) => `V${at + 1}=\${V${at}}\${V${at}}\n`)
  const read = parseDotenv(`V0=0123456789\n${lines.join('')}`, '/p/.env', () => undefined)
  const [problem] = read.ok ? [] : read.diagnostics
  assert.equal([problem?.code, problem?.at?.file], ['interpolation-syntax', '/p/.env'])
})

test('expressions that never end, and numbers that do not, are read in a moment', () => {
  const texts = [one('command', `"${'${A:-'.repeat(20_000)}"`), one('mem_limit', `"${'1'.repeat(20_000)}x"`)]
  for (const text of texts) {
    assert.ok(timeOf(() => assert.is(problemsIn(loadFiles({ 'stack.yaml': text })).length > 0, true)) < 3000)
  }
})

test('more containers than can be planned for are a clash, where they are asked for', () => {
  for (const text of [one('scale', '1000000000'), one('deploy', '{replicas: 1000000000}')]) {
    const [clash] = loadText(text).clashes
    assert.is(clash?.problem.at?.line, 4)
  }
})

test('services of a few containers each that are too many together are a clash, where the bound is passed', () => {
  const services = ['a', 'b', 'c'].map((name) => `  ${name}: { image: x, scale: 8000 }\n`)
  assert.equal(
    loadText(`services:\n${services.join('')}`).clashes.map(({ service, problem }) => [service, problem.at?.line]),
    [['c', 4]],
  )
})

test('ranges of many services, and rows of services that extend each other, come to an end, with a place', () => {
  const numbers = Array.from({ length: 5000 }, (_, at) => at)
  const ranges = numbers.map((at) => `  s${at}: { image: x, ports: ["1-65535"] }\n`)
  const row = numbers.map(
    (at) => `  s${at}: { image: x, ${at > 0 ? `extends: s${at - 1}, ` : ''}environment: [A${at}=x] }\n`,
  )
  for (const [lines, code] of [[ranges, 'invalid-value'] as const, [row, 'extends-failed'] as const]) {
    const problems = problemsIn(loadFiles({ 'stack.yaml': `services:\n${lines.join('')}` }))
    assert.equal(
      problems.map((problem) => problem.code),
      [code],
    )
    assert.ok((problems[0]?.at?.line ?? 0) > 1)
  }
})

test('a device that never ends is given up', () => {
  assert.throws(
    () => readBounded('/dev/zero', 1 << 20),
    (thrown: unknown) => thrown instanceof DiskError && thrown.code === 'EFBIG',
  )
})

test('a saved plan of another shape is refused', () => {
  const digests = { model: 'a', facts: 'b', plan: 'c' }
  const origins = { files: ['/s.yaml'], profiles: [], envFiles: [], projectName: 'p' }
  const made = '2026-01-01T00:00:00.000Z'
  const planWith = (intent: unknown) =>
    JSON.stringify({ flotillaPlan: 2, flotilla: 'x', made, origins, intent, salt: 'a', digests, plan: { steps: [] } })
  assert.ok(parseSaved(planWith(UP), 'p').ok)
  const intents = [
    {},
    [],
    null,
    { kind: 'down' },
    { kind: 'up' },
    { kind: 'up', services: 'a' },
    { kind: 'up', services: [1] },
  ]
  for (const intent of intents) {
    assert.is(parseSaved(planWith(intent), 'p').ok, false, JSON.stringify(intent))
  }
})

test.run()
