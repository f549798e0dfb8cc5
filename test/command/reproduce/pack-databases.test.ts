import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { PackIndex } from '../../../src/pack/types.ts'
import { opened } from '../../pack/packed.ts'
import { type Lab, withLab } from '../support.ts'

const MYSQL = { cmd: ['mysqld'], exec: () => ({ exitCode: 0, output: 'CREATE DATABASE shop;\n' }) }
const POSTGRES = { cmd: ['postgres'], exec: () => ({ exitCode: 0, output: 'CREATE DATABASE shop;\n' }) }
const IMAGES = { 'mysql:1': MYSQL, 'postgres:1': POSTGRES, 'web:1': { cmd: ['run'] } }

const STACK = `
name: shop
services:
  db: { image: "mysql:1", volumes: ["db-data:/var/lib/mysql"] }
  backup: { image: "web:1", volumes: ["db-data:/from:ro", "copies:/to"] }
volumes: { db-data: null, copies: null }
`

const PACK = ['pack', '--no-images', '--compress', 'none']

function inShop(name: string, stack: string, body: (shop: Lab) => Promise<void>): void {
  test(name, () =>
    withLab({ 'stack.yaml': stack }, { images: IMAGES }, async (shop) => {
      assert.is((await shop.run('up', '-d')).code, 0)
      await body(shop)
    }),
  )
}

async function packed(shop: Lab, ...flags: string[]): Promise<PackIndex> {
  const { code, err } = await shop.run(...PACK, ...flags)
  assert.is(code, 0, err)
  return opened(join(shop.directory, 'shop.flotilla.tar'), async ({ index }) => index)
}

const volumesIn = ({ volumes }: PackIndex) => volumes.map(({ name }) => name)
const dumpsIn = ({ dumps }: PackIndex) => dumps.map(({ service, volume }) => [service, volume])

inShop(
  'the volume of a database that has no container is packed as it is only if that is asked for',
  STACK,
  async (shop) => {
    assert.is((await shop.run('down')).code, 0)
    const { code, err } = await shop.run(...PACK)
    assert.is(code, 1)
    assert.match(err, '"db"')
    assert.equal(volumesIn(await packed(shop, '--physical')), ['copies', 'db-data'])
  },
)

inShop('a service that shares the volume of a database takes no copy of its files along', STACK, async (shop) => {
  const index = await packed(shop, '--service', 'backup')
  assert.equal(volumesIn(index), ['copies'])
  assert.match(index.leftOut.join('\n'), 'db-data')
  assert.is((await shop.run(...PACK, '--service', 'backup', '--physical')).code, 1)
  assert.is((await shop.run('stop', 'db')).code, 0)
  assert.equal(volumesIn(await packed(shop, '--service', 'backup')), ['copies'])
  assert.equal(volumesIn(await packed(shop, '--service', 'backup', '--physical')), ['copies', 'db-data'])
})

test('a database that was never there does not keep a stack from being packed', () =>
  withLab({ 'stack.yaml': STACK }, { images: IMAGES }, async (shop) => {
    const index = await packed(shop)
    assert.equal([volumesIn(index), dumpsIn(index)], [[], []])
    assert.match(index.leftOut.join('\n'), 'db-data')
    shop.write({
      'stack.yaml': STACK.replace('db-data:/var/lib/mysql', './files:/var/lib/mysql'),
      'files/ibdata1': 'x',
    })
    assert.is((await shop.run(...PACK)).code, 1)
  }))

const SETTINGS = STACK.replace('"db-data:/var/lib/mysql"', '"db-data:/var/lib/mysql", "copies:/etc/mysql/conf.d"')

inShop('a dump replaces what the server keeps its data in, and nothing else', SETTINGS, async (shop) => {
  const index = await packed(shop)
  assert.equal([volumesIn(index), dumpsIn(index)], [['copies'], [['db', 'db-data']]])
})

const ELSEWHERE = `
name: shop
services:
  db: { image: "postgres:1", environment: { PGDATA: /data/db }, volumes: ["db-data:/data", "rest:/srv"] }
volumes: { db-data: null, rest: null }
`

inShop('the data of a server are where its settings say', ELSEWHERE, async (shop) => {
  const index = await packed(shop)
  assert.equal([volumesIn(index), dumpsIn(index)], [['rest'], [['db', 'db-data']]])
})

const TWO = STACK.replace('"db-data:/var/lib/mysql"', '"db-data:/var/lib/mysql", "copies:/var/lib/mysql/more"')

inShop('a second volume of a database is named as left out', TWO, async (shop) => {
  const index = await packed(shop)
  const [[, first]] = dumpsIn(index) as [[string, string]]
  const [other] = ['copies', 'db-data'].filter((name) => name !== first)
  assert.equal(volumesIn(index), [])
  assert.match(index.leftOut.join('\n'), other ?? '')
})

const PART = STACK.replace(
  '"db-data:/var/lib/mysql"',
  '{ type: volume, source: db-data, target: /var/lib/mysql, volume: { subpath: db } }',
)

inShop('a volume that a database shares with others has no dump in its place', STACK, async (shop) => {
  shop.write({ 'stack.yaml': PART })
  const { code, err } = await shop.run(...PACK)
  assert.is(code, 1)
  assert.match(err, 'db-data')
})

test.run()
