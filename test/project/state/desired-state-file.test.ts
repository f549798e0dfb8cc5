import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.ts'
import { type DesiredState, NOTHING_DESIRED } from '../../../src/project/state/desired-state.ts'
import { desiredStateFile } from '../../../src/project/state/desired-state-file.ts'

const test = suite<{ folder: string }>('intents')
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'flotilla-intents-'))
})
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }))

const noProblem = ({ message }: Diagnostic) => assert.unreachable(message)

const want = fc.constantFrom('running' as const, 'stopped' as const)
const service = fc.record(
  { all: want, count: fc.nat(9), overrides: fc.dictionary(fc.nat(9).map(String), want, { minKeys: 1 }) },
  { requiredKeys: [] },
)
const states: fc.Arbitrary<DesiredState> = fc.record(
  {
    services: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), service, { minKeys: 1 }),
    inProgress: fc.record({ command: fc.constant('up'), services: fc.array(fc.constant('web')) }),
  },
  { requiredKeys: ['services'] },
)

test('a written state is read again, only by its owner, and leaves no other file', ({ folder }) => {
  const file = join(folder, 'deep', 'intent.json')
  const store = desiredStateFile(file, noProblem)
  assert.equal(store.read(), NOTHING_DESIRED)
  fc.assert(
    fc.property(states, (desired) => {
      store.write(desired)
      assert.equal(JSON.parse(JSON.stringify(store.read())), JSON.parse(JSON.stringify(desired)))
      assert.is(statSync(file).mode & 0o077, 0)
      assert.equal(readdirSync(join(folder, 'deep')), ['intent.json'])
    }),
  )
  store.write(NOTHING_DESIRED)
  assert.equal(readdirSync(join(folder, 'deep')), [])
})

test('a file that never ends is set aside; counts that no command wrote are passed over', ({ folder }) => {
  const file = join(folder, 'intent.json')
  symlinkSync('/dev/zero', file)
  const problems: Diagnostic[] = []
  const store = desiredStateFile(file, (problem) => void problems.push(problem))
  assert.equal(store.read(), NOTHING_DESIRED)
  assert.is(problems.length, 1)
  assert.ok(!existsSync(file))
  for (const count of [-1, 1.5, 1e12]) {
    writeFileSync(file, JSON.stringify({ services: { web: { count } } }))
    assert.equal(store.read(), { services: { web: {} } })
  }
})

test('a file that is cut off, or is none of ours, is set aside with a warning; fields of other versions are passed over', ({
  folder,
}) => {
  const file = join(folder, 'intent.json')
  const whole = JSON.stringify({
    version: 2,
    mood: 'good',
    services: { web: { all: 'running', colour: 'red', count: 'many' } },
  })
  fc.assert(
    fc.property(fc.integer({ min: 0, max: whole.length - 1 }), (length) => {
      const problems: Diagnostic[] = []
      const store = desiredStateFile(file, (problem) => void problems.push(problem))
      writeFileSync(file, whole.slice(0, length))
      assert.equal(store.read(), NOTHING_DESIRED)
      assert.equal(
        problems.map(({ severity, code }) => [severity, code]),
        [['warning', 'file-unreadable']],
      )
      assert.is(readFileSync(`${file}.broken`, 'utf8'), whole.slice(0, length))
      assert.equal(store.read(), NOTHING_DESIRED)
      assert.is(problems.length, 1)
    }),
  )
  writeFileSync(file, whole)
  assert.equal(desiredStateFile(file, noProblem).read(), { services: { web: { all: 'running' } } })
})

test('where nothing can be written, nothing is remembered', ({ folder }) => {
  writeFileSync(join(folder, 'file'), '')
  const store = desiredStateFile(join(folder, 'file', 'intent.json'), noProblem)
  store.write({ services: { web: { all: 'running' } } })
  assert.equal(store.read(), NOTHING_DESIRED)
})

test.run()
