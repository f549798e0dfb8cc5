import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { unwrap } from '../../../src/diagnostics/checked.ts'
import { readLock } from '../../../src/lockfile/read.ts'
import { opened, whole } from '../../pack/packed.ts'
import { type Lab, withLab } from '../support.ts'

const STACK = `
name: shop
services:
  web: { image: "web:1" }
  big: { image: "big:1" }
`

/** The images in the lock of a new pack. */
async function lockedIn(shop: Lab, place: string, ...argv: string[]): Promise<string[]> {
  const { code, err } = await shop.run(...argv)
  assert.is(code, 0, err)
  return opened(join(shop.directory, 'shop.flotilla.tar'), async (pack) => {
    const read = readLock((await whole(pack.content(place))).toString(), place)
    return Object.keys(unwrap(read).lock.images)
  })
}

test('the lock of a pack holds the images that are there, and can be read', () =>
  withLab({ 'stack.yaml': STACK }, { images: { 'web:1': { cmd: ['run'] } } }, async (shop) => {
    const lock = 'stack/stack.lock.yaml'
    assert.equal(await lockedIn(shop, lock, 'pack', '--no-images'), ['web:1'])
    assert.equal(await lockedIn(shop, lock, 'pack', '--service', 'web', '--no-images'), ['web:1'])
    assert.is((await shop.run('pack')).code, 1)
    assert.is((await shop.run('pack', '--service', 'big')).code, 1)
  }))

test('the lock of a pack lies beside the first stack file', () =>
  withLab({ 'sub/stack.yaml': STACK }, { images: { 'web:1': { cmd: ['run'] } } }, async (shop) => {
    const argv = ['--project-directory', '.', '-f', 'sub/stack.yaml', 'pack', '--no-images']
    assert.equal(await lockedIn(shop, 'stack/sub/stack.lock.yaml', ...argv), ['web:1'])
  }))

test.run()
