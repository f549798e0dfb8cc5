import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { writeWhole } from '../../../src/cli/write-whole.ts'
import { type Lab, withLab } from '../support.ts'

const image = (numpy: string) => ({
  files: { '/var/lib/dpkg/status': 'Package: bash\nVersion: 5.2\n' },
  log: [
    { after: 0, text: `pip\tnumpy\t${numpy}` },
    { after: 0, stream: 'stderr' as const, text: 'pip\tnoise\t1' },
  ],
  exits: { after: 10, code: 0 },
})

const IMAGES = { 'lab:1': image('2.0'), 'lab:2': image('2.1'), 'bare:1': { startFails: 'exec: "sh": not found' } }
const STACK = 'name: shop\nservices: { lab: { image: "lab:1" }, bare: { image: "bare:1" } }\n'

async function run(shop: Lab, line: string, code = 0): Promise<string> {
  const ran = await shop.begin(line.split(' '), { writeFile: writeWhole }).ended
  assert.is(ran.code, code, `${line}: ${ran.out}${ran.err}`)
  return ran.out + ran.err
}

const read = (shop: Lab, name: string) => readFileSync(join(shop.directory, name), 'utf8')

test('lock lists the packages in every image, and says which one moved', () =>
  withLab({ 'stack.yaml': STACK }, { images: IMAGES }, async (shop) => {
    await run(shop, 'lock')
    const first = read(shop, 'stack.packages.lock')
    assert.match(first, /dpkg:\n {6}bash: "5.2"\n {4}pip:\n {6}numpy: "2.0"/)
    assert.not.match(first, 'noise')
    assert.equal(await shop.engine.listContainers({}), [], 'no container is left')
    shop.write({ 'old.lock.yaml': read(shop, 'stack.lock.yaml'), 'old.packages.lock': first })
    const { images } = shop.engine.world
    images.set('lab:1', images.get('lab:2') as never)
    assert.match(await run(shop, 'lock --update'), /~ pip numpy 2\.0 → 2\.1/)
    assert.match(await run(shop, 'lock diff old.lock.yaml stack.lock.yaml', 2), /~ pip numpy 2\.0 → 2\.1/)
  }))

test('what is known of a content is not read again; without packages, none are compared', () =>
  withLab({ 'stack.yaml': STACK }, { images: IMAGES }, async (shop) => {
    await run(shop, 'lock')
    const changed = read(shop, 'stack.packages.lock').replace('"2.0"', '"9.9"')
    shop.write({ 'stack.packages.lock': changed })
    await run(shop, 'lock --update')
    assert.is(read(shop, 'stack.packages.lock'), changed)
    shop.write({ 'old.lock.yaml': read(shop, 'stack.lock.yaml'), 'old.packages.lock': changed })
    const { images } = shop.engine.world
    images.set('lab:1', images.get('lab:2') as never)
    await run(shop, 'lock --update --no-packages')
    assert.is(read(shop, 'stack.packages.lock'), changed)
    assert.not.match(await run(shop, 'lock diff old.lock.yaml stack.lock.yaml', 2), 'numpy')
    shop.write({ 'stack.packages.lock': 'x: 1\n' })
    await run(shop, 'lock --update', 1)
  }))

test.run()
