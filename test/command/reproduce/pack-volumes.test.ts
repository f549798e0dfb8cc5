import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { PackIndex } from '../../../src/pack/types.ts'
import { opened } from '../../pack/packed.ts'
import { type Lab, withLab } from '../support.ts'

const IMAGES = { 'web:1': { cmd: ['run'] } }
const stackOf = (volume: string, name = 'shop') => `
name: ${name}
services:
  web: { image: "web:1", volumes: ["data:/data"] }
volumes: { data: ${volume} }
`

async function packed(shop: Lab): Promise<PackIndex> {
  const { code, err } = await shop.run('pack', '--no-images', '--compress', 'none')
  assert.is(code, 0, err)
  return opened(join(shop.directory, 'shop.flotilla.tar'), async ({ index }) => index)
}

const volumesIn = ({ volumes }: PackIndex) => volumes.map(({ name }) => name)

test('a volume that was renamed is packed under its name of today only', () =>
  withLab({ 'stack.yaml': stackOf('{ name: one }') }, { images: IMAGES }, async (shop) => {
    assert.is((await shop.run('up', '-d')).code, 0)
    shop.write({ 'stack.yaml': stackOf('{ name: two }') })
    assert.is((await shop.run('up', '-d')).code, 0)
    assert.equal(volumesIn(await packed(shop)), ['data'])
  }))

test('an external volume stays out, whatever its project calls it', () => {
  const files = {
    'stack.yaml': stackOf('{ name: all, external: true }'),
    'other.yaml': stackOf('{ name: all }', 'other'),
  }
  return withLab(files, { images: IMAGES }, async (shop) => {
    assert.is((await shop.run('-f', 'other.yaml', 'up', '-d')).code, 0)
    assert.is((await shop.run('up', '-d')).code, 0)
    const index = await packed(shop)
    assert.equal(volumesIn(index), [])
    assert.match(index.leftOut.join('\n'), '"data"')
    assert.not.match(index.leftOut.join('\n'), 'anonymous')
  })
})

test.run()
