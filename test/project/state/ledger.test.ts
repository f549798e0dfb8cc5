import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fileLedger } from '../../../src/project/state/ledger.ts'

const test = suite<{ file: string }>('ledger')

test.before.each((context) => {
  context.file = join(mkdtempSync(join(tmpdir(), 'flotilla-ledger-')), 'folder', 'ledger.log')
})
test.after.each(({ file }) => rmSync(join(file, '../..'), { recursive: true, force: true }))

const changes = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.option(fc.nat(), { nil: undefined })))

test('law: the next reader of the file finds what a map would hold, after every single change; an empty one leaves no file', ({
  file,
}) => {
  fc.assert(
    fc.property(changes, (all) => {
      rmSync(file, { force: true })
      const expected = new Map<string, number>()
      const ledger = fileLedger(file)
      for (const [key, value] of all) {
        if (value === undefined) ledger.delete(key)
        else ledger.set(key, value)
        if (value === undefined) expected.delete(key)
        else expected.set(key, value)
        assert.equal(Object.fromEntries(fileLedger(file).entries()), Object.fromEntries(expected))
        assert.is(existsSync(file), expected.size > 0)
      }
    }),
    { numRuns: 60 },
  )
})

test('two that add to one file lose nothing of each other, whichever is done first', ({ file }) => {
  const [one, other] = [fileLedger(file), fileLedger(file)]
  one.set('a', 1)
  other.set('b', 2)
  one.delete('a')
  assert.equal([...fileLedger(file).entries()], [['b', 2]])
  other.delete('b')
  assert.is(fileLedger(file).entries().size, 0)
  assert.not.ok(existsSync(file))
})

test('a line that was cut off by a kill spoils no other, and what is no line of ours is passed over', ({ file }) => {
  fileLedger(file).set('a', 1)
  appendFileSync(file, '\nb 12 what\nc')
  fileLedger(file).set('d', 4)
  assert.equal(Object.fromEntries(fileLedger(file).entries()), { a: 1, d: 4 })
})

test('changes long past do not pile up', ({ file }) => {
  const ledger = fileLedger(file)
  ledger.set('stays', 1)
  for (let i = 0; i < 1_500; i++) {
    ledger.set('passes', i)
    ledger.delete('passes')
  }
  const before = statSync(file).size
  assert.equal([...fileLedger(file).entries()], [['stays', 1]])
  assert.ok(statSync(file).size < before / 100)
  assert.is(readFileSync(file, 'utf8').trim(), 'stays 1')
})

test('only its owner may read it, and where it cannot be written nothing is remembered and nothing fails', ({
  file,
}) => {
  const ledger = fileLedger(file)
  ledger.set('a', 1)
  assert.is(statSync(file).mode & 0o777, 0o600)
  const beneathAFile = fileLedger(join(file, 'x.log'))
  beneathAFile.set('a', 1)
  beneathAFile.delete('a')
  assert.is(beneathAFile.entries().size, 0)
  chmodSync(file, 0o600)
})

test('a file that never ends holds nothing, nor do numbers without end', ({ file }) => {
  mkdirSync(dirname(file), { recursive: true })
  appendFileSync(file, `\na 1\nb ${'9'.repeat(400)}`)
  assert.equal([...fileLedger(file).entries()], [['a', 1]])
  rmSync(file)
  symlinkSync('/dev/zero', file)
  assert.is(fileLedger(file).entries().size, 0)
})

test.run()
