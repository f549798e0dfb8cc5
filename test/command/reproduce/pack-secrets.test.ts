import { chmodSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readTar } from '../../../src/archive/read-tar.ts'
import type { PackIndex } from '../../../src/pack/types.ts'
import { opened, whole } from '../../pack/packed.ts'
import { type Lab, withLab } from '../support.ts'

const STACK = `
name: shop
services:
  web: { image: "web:1", env_file: [web.env, "50%.env"], environment: { DB: "\${DB_PASSWORD}" }, volumes: ["./work:/work"] }
`
const FILES = {
  'stack.yaml': STACK,
  '.env': 'DB_PASSWORD=Zq-one-1\nPORT=80\n',
  'web.env': 'MODE=fast\nOLD_TOKEN=Zq-two-2\n',
  '50%.env': 'LEVEL=9\nAPI_TOKEN=Zq-three-3\n',
  'work/a.csv': 'a,b\n',
}

const PACK = ['pack', '--no-images', '--compress', 'none']
const fileIn = (shop: Lab) => join(shop.directory, 'shop.flotilla.tar')

function inShop(name: string, body: (shop: Lab) => Promise<void>, files: Record<string, string> = {}): void {
  const images = { 'web:1': { cmd: ['run'] } }
  test(name, () => withLab({ ...FILES, ...files }, { images }, body))
}

async function packed(shop: Lab, ...flags: string[]): Promise<PackIndex> {
  const { code, err } = await shop.run(...PACK, ...flags)
  assert.is(code, 0, err)
  return opened(fileIn(shop), async ({ index }) => index)
}

/** What a pack holds below the project directory, whichever way: text by name. */
async function textsIn(shop: Lab): Promise<Record<string, string>> {
  return opened(fileIn(shop), async (pack) => {
    const found: Record<string, string> = {}
    for (const { path } of pack.members) {
      const below = path.slice('data/'.length)
      if (below.startsWith('stack/')) found[below.slice(6)] = (await whole(pack.content(below))).toString()
      if (below !== 'files/stack.tar') continue
      for await (const { path: name, type, content } of readTar(pack.content(below)))
        if (type === 'file') found[name.slice(6)] = (await whole(content)).toString()
    }
    return found
  })
}

function holdsNone(shop: Lab): void {
  assert.not.match(readFileSync(fileIn(shop), 'latin1'), /Zq-/)
}

inShop('env files go in without secrets, whatever their permissions, owner or name', async (shop) => {
  for (const name of ['.env', 'web.env', '50%.env']) chmodSync(join(shop.directory, name), 0o600)
  const index = await packed(shop)
  const texts = await textsIn(shop)
  assert.is(texts['.env'], 'DB_PASSWORD=\nPORT=80\n')
  assert.is(texts['web.env'], 'MODE=fast\nOLD_TOKEN=\n')
  assert.is(texts['50%.env'], 'LEVEL=9\nAPI_TOKEN=\n')
  holdsNone(shop)
  for (const name of ['DB_PASSWORD', 'OLD_TOKEN', 'API_TOKEN']) assert.match(index.leftOut.join('\n'), name)
})

const SHARE = `
name: shop
services:
  web: { image: "web:1", volumes: ["share:/share"] }
volumes: { share: { driver_opts: { type: cifs, o: "username=me,password=\${SHARE_PASSWORD}" } } }
`

inShop('options of volumes stay where they are', async (shop) => {
  shop.write({ 'stack.yaml': SHARE, '.env': 'SHARE_PASSWORD=Zq-share-7\n' })
  assert.is((await shop.run('up', '-d')).code, 0)
  const { volumes } = await packed(shop)
  assert.equal(
    volumes.map(({ name, options }) => [name, options]),
    [['share', undefined]],
  )
  holdsNone(shop)
})

const FOLDERS = `
name: shop
services:
  web: { image: "web:1", volumes: ["./secrets/shared:/shared:ro", "./work:/work:ro"] }
`

inShop('files whose names or folders are those of secrets are neither packed nor hashed', async (shop) => {
  const hidden = ['secrets/shared/db.txt', 'work/.vault_pass', 'work/prod.env', 'work/.kube/config']
  shop.write({ 'stack.yaml': FOLDERS, ...Object.fromEntries(hidden.map((name) => [name, 'Zq-hidden'])) })
  await packed(shop)
  const texts = await textsIn(shop)
  assert.equal(Object.keys(texts).sort(), ['.env', 'stack.lock.yaml', 'stack.yaml', 'work/a.csv'])
  const { 'stack.lock.yaml': lock = '' } = texts
  for (const name of hidden) assert.not.match(lock, `${name}: sha256`)
  assert.match(lock, 'work/a.csv: sha256')
  holdsNone(shop)
})

const OUTSIDE = `
name: shop
services:
  web: { image: "web:1", volumes: ["../:/data:ro"], secrets: [key] }
secrets: { key: { file: ../flotilla-no-such-key } }
`

inShop('a pack does not name the folders above its project', async (shop) => {
  shop.write({ 'stack.yaml': OUTSIDE })
  const index = await packed(shop)
  assert.equal(
    index.secrets.map(({ place }) => place),
    ['../flotilla-no-such-key'],
  )
  assert.not.match(index.leftOut.join('\n'), dirname(shop.directory))
})

test.run()
