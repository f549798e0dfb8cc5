import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { stepIds, stopBefore, undoDeedOf } from '../../src/plan/step-id.ts'
import { containerAddress } from '../../src/stack/address.ts'
import { found, sources } from '../support/sources.ts'

const HOME = 'plan/step-id.ts'
const ids = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 })
const containers = fc
  .tuple(fc.constantFrom('web', 'db', 'start', 'stop', 'undo-stop'), fc.integer({ min: 1, max: 99 }))
  .map(([service, number]) => containerAddress(service, number))

test('the stop that comes before a removal is found by its id', () => {
  fc.assert(
    fc.property(containers, ids, (of, container) => {
      assert.is(stopBefore(stepIds.remove(of, container)), stepIds.stop(of, container))
      assert.is(stopBefore(stepIds.remove(of)), stepIds.stop(of))
    }),
  )
})

test('the id of an undo step says what it undoes, in either phase', () => {
  fc.assert(
    fc.property(containers, fc.constantFrom('undo', 'rollback'), (of, phase) => {
      for (const deed of ['start', 'back', 'stop', 'host-stop', 'remove'] as const)
        assert.is(undoDeedOf(stepIds.undo(phase, deed, of)), deed)
    }),
  )
})

test('the ids of what is done to one container differ', () => {
  fc.assert(
    fc.property(containers, ids, (of, container) => {
      const all = [
        stepIds.create(of),
        stepIds.create(of, '-next'),
        stepIds.start(of),
        stepIds.start(of, '-next'),
        stepIds.stop(of),
        stepIds.stop(of, container),
        stepIds.restartStop(of),
        stepIds.restartStop(of, 'db'),
        stepIds.rename(of),
        stepIds.renameFirst(of),
        stepIds.updatePolicy(of),
        stepIds.restorePolicy(of),
        stepIds.undo('undo', 'start', of),
        stepIds.undo('rollback', 'start', of),
        ...stepIds.waits(of),
      ]
      assert.is(new Set(all).size, all.length)
    }),
  )
})

const deeds = [...new Set([...(sources().get(HOME) ?? '').matchAll(/idOf\([`'](\w[\w-]*)/g)].map(([, deed]) => deed))]
const BUILDS = new RegExp(`\`(?:undo-|rollback-)?(?:${deeds.join('|')})(?:-[\\w-]*|\\$\\{[^}]*\\})*:\\$\\{`, 'g')
const READS = new RegExp(
  `['"/^](?:${deeds.join('|')})(?:-[\\w-]*)?:['"/]|\\b(?:undo|rollback)\\)?-(?![\\w-]+\\.ts)`,
  'g',
)

test('step ids are built and read in one file', () => {
  assert.ok(deeds.length > 25, deeds.join())
  for (const text of ['`start:${of}`', '`wait:${of}:healthy`', '`create${suffix}:${of}`', '`undo-stop:${of}`'])
    assert.ok(text.search(BUILDS) >= 0, text)
  for (const text of ["startsWith('start-next:')", '/^remove:/', '/^(?:undo|rollback)-/', '`undo-${deed}:${of}`'])
    assert.ok(text.search(READS) >= 0, text)
  assert.equal([...found(BUILDS, HOME), ...found(READS, HOME)], [])
})

test.run()
