import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readTar } from '../../../src/archive/read-tar.ts'
import { COMPOSE } from '../../../src/backend/docker/labels.ts'
import { engineTransfer } from '../../../src/backend/engine/transfer/transfer.ts'
import { writeWhole } from '../../../src/cli/write-whole.ts'
import type { PackIndex } from '../../../src/pack/types.ts'
import { opened, signal, whole } from '../../pack/packed.ts'
import { type Lab, withLab } from '../support.ts'

const STACK = `
name: shop
services:
  db:
    image: "mysql:1"
    environment: { MYSQL_PASSWORD: "\${DB_PASSWORD}" }
    volumes: ["db-data:/var/lib/mysql", "db-logs:/logs"]
  web:
    image: "web:1"
    env_file: [web.env]
    build: ./build
    volumes: ["state:/state", ./work:/work]
    secrets: [key]
volumes: { db-data: null, db-logs: null, state: null }
secrets: { key: { file: ./private.txt } }
`

const SECRETS = ['Zq-password-1', 'Zq-token-2', 'Zq-file-3', 'Zq-second-4']
const [PASSWORD, TOKEN, KEY, SECOND] = SECRETS

const FILES = {
  'stack.yaml': STACK,
  '.env': `# of the lab\nDB_PASSWORD=${PASSWORD}\nPORT=80\n`,
  'web.env': `MODE=fast\nAPI_TOKEN='${TOKEN}'\nKEY_PASSWORD="${SECOND}\nand more"\nLAST=1\n`,
  'private.txt': KEY ?? '',
  'build/Dockerfile': 'FROM base\nCOPY . .\n',
  'build/.dockerignore': 'cache\n',
  'build/cache/big.bin': 'x',
  'work/notebook.ipynb': '{"cells": []}\n',
  'work/leak.csv': `token\n${TOKEN}\n`,
  'work/id_rsa': 'private',
  'work/50%.csv': 'a,b\n',
  'work/run.sh': '#!/bin/sh\n',
  'empty.pem': '',
  'unrelated.txt': 'not part of the stack',
  'CITATION.cff':
    'cff-version: 1.2.0\ntitle: Shop\nlicense: MIT\nauthors: [{ family-names: Curie, given-names: Marie }]\n',
}

/** The dump is what the client prints; everything else that is asked in the container succeeds. */
const MYSQL = { cmd: ['mysqld'], exec: () => ({ exitCode: 0, output: 'CREATE DATABASE shop;\n' }) }

function inShop(name: string, body: (shop: Lab) => Promise<void>, isUp = true): void {
  const images = { 'mysql:1': MYSQL, 'web:1': { cmd: ['run'] } }
  test(name, () =>
    withLab(FILES, { images }, async (shop) => {
      mkdirSync(join(shop.directory, 'work/empty'))
      symlinkSync('notebook.ipynb', join(shop.directory, 'work/latest'))
      symlinkSync('../../outside', join(shop.directory, 'work/out'))
      chmodSync(join(shop.directory, 'work/run.sh'), 0o755)
      if (isUp) assert.is((await shop.run('up', '-d')).code, 0)
      await body(shop)
    }),
  )
}

const PACK = ['pack', '--no-images', '--compress', 'none']
const fileIn = (shop: Lab, name = 'shop.flotilla.tar') => join(shop.directory, name)

async function packed(shop: Lab, ...flags: string[]): Promise<PackIndex> {
  const { code, err } = await shop.run(...PACK, ...flags)
  assert.is(code, 0, err)
  return opened(fileIn(shop), async ({ index }) => index)
}

async function textIn(shop: Lab, path: string): Promise<string> {
  return opened(fileIn(shop), async (pack) => (await whole(pack.content(path))).toString())
}

inShop('a pack holds the files, volumes and databases of a stack', async (shop) => {
  const index = await packed(shop)
  assert.equal(
    index.dumps.map(({ service, family, volume }) => [service, family, volume]),
    [['db', 'mysql', 'db-data']],
  )
  assert.equal(
    index.volumes.map(({ name }) => name),
    ['db-logs', 'state'],
  )
  assert.is(await textIn(shop, 'dumps/db.sql'), 'CREATE DATABASE shop;\n')
  assert.equal(index.stackFiles, ['stack.yaml'])
  const names = await opened(fileIn(shop), async ({ members }) => members.map(({ path }) => path))
  const files = names.filter((path) => path.startsWith('data/stack/')).map((path) => path.slice('data/stack/'.length))
  const expected = ['.env', 'CITATION.cff', 'build/.dockerignore', 'build/Dockerfile', 'stack.lock.yaml', 'stack.yaml']
  assert.equal(files, [...expected, 'web.env', 'work/notebook.ipynb', 'work/run.sh'])
  assert.match(await textIn(shop, 'ro-crate-metadata.json'), 'Marie Curie')
})

inShop('no secret is in a pack, by whatever way it could get there; their names are', async (shop) => {
  const index = await packed(shop)
  const bytes = readFileSync(fileIn(shop))
  for (const secret of SECRETS) assert.not.ok(bytes.includes(secret), secret)
  assert.is(await textIn(shop, 'stack/.env'), '# of the lab\nDB_PASSWORD=\nPORT=80\n')
  assert.is(await textIn(shop, 'stack/web.env'), 'MODE=fast\nAPI_TOKEN=\nKEY_PASSWORD=\nLAST=1\n')
  assert.equal(
    index.secrets.map(({ name, from, place }) => [name, from, place]),
    [
      ['DB_PASSWORD', 'variable', 'DB_PASSWORD'],
      ['key', 'file', './private.txt'],
    ],
  )
  const told = index.leftOut.join('\n')
  for (const words of ['work/leak.csv', 'work/id_rsa', 'API_TOKEN', 'work/out']) assert.match(told, words)
})

inShop('what members cannot be travels in an archive', async (shop) => {
  await packed(shop)
  await opened(fileIn(shop), async (pack) => {
    const found = new Map<string, string>()
    for await (const { path, type, linkTarget } of readTar(pack.content('files/stack.tar')))
      found.set(path, `${type} ${linkTarget}`.trim())
    assert.is(found.get('stack/work/latest'), 'symlink notebook.ipynb')
    assert.is(found.get('stack/work/50%.csv'), 'file')
    assert.is(found.get('stack/work/empty/'), 'directory')
  })
})

inShop('the same stack gives the same bytes, and says what it will read before it does', async (shop) => {
  await packed(shop)
  const first = readFileSync(fileIn(shop))
  const { out } = await shop.run(...PACK)
  assert.ok(readFileSync(fileIn(shop)).equals(first))
  assert.match(out, /files +\d.*\n(?:.*\n)*volume +state.*\ndatabase +db/)
})

inShop('a partial pack says that it is one, and --dry-run writes none', async (shop) => {
  const index = await packed(shop, '--service', 'web')
  assert.equal([index.dumps, index.volumes.map(({ name }) => name)], [[], ['state']])
  assert.match(index.leftOut.join('\n'), /images\n.*of db/)
  const { code } = await shop.run('--dry-run', ...PACK, '-o', 'other.tar')
  assert.is(code, 0)
  assert.not.ok(existsSync(fileIn(shop, 'other.tar')))
})

inShop('what is not as its lock file says is not packed', async (shop) => {
  assert.is((await shop.begin(['lock', '--no-packages'], { writeFile: writeWhole }).ended).code, 0)
  await packed(shop)
  shop.write({ 'stack.yaml': STACK.replace('state:/state', 'state:/elsewhere') })
  const { code, err } = await shop.run(...PACK)
  assert.is(code, 1)
  assert.match(err, 'lock')
})

inShop(
  'a secret in the stack file, an image or a running database that is missing: nothing is packed',
  async (shop) => {
    const refused = async (...argv: string[]) => {
      const { code, out } = await shop.run(...argv)
      assert.is(code, 1, out)
      assert.equal(
        readdirSync(shop.directory).filter((name) => name.includes('flotilla.tar')),
        [],
      )
    }
    await refused(...PACK, '--physical')
    await refused(...PACK, '--service', 'nobody')
    await refused(...PACK, '-o', 'no/such/folder/x.tar')
    await refused(...PACK, '-o', '-')
    for (const key of ['stack.yaml', 'empty.pem', 'none.pem', '']) await refused(...PACK, '--sign', key)
    assert.is((await shop.run('stop', 'db')).code, 0)
    await refused(...PACK)
    await packed(shop, '--physical')
    assert.is((await shop.run('start', 'db')).code, 0)
    shop.write({ 'stack.yaml': STACK.replace('"${DB_PASSWORD}"', 'Zq-in-the-stack-file') })
    const { code, err } = await shop.run(...PACK, '-o', 'other.tar')
    assert.is(code, 1)
    assert.match(err, 'stack.yaml')
    assert.not.match(err, 'Zq-in-the-stack-file')
  },
)

inShop('the files of a database in the project directory stay out if its dump goes in', async (shop) => {
  const mounted = STACK.replace('db-data:/var/lib/mysql', './files:/var/lib/mysql').replace('./work:/work', '.:/work')
  shop.write({ 'stack.yaml': mounted, 'files/ibdata1': 'pages' })
  assert.is((await shop.run('up', '-d')).code, 0)
  const index = await packed(shop)
  assert.equal(
    index.dumps.map(({ service, volume }) => [service, volume]),
    [['db', undefined]],
  )
  const names = await opened(fileIn(shop), async ({ members }) => members.map(({ path }) => path))
  assert.ok(names.includes('data/stack/unrelated.txt'))
  assert.not.ok(names.some((path) => path.startsWith('data/stack/files/')))
  for (const secret of SECRETS) assert.not.ok(readFileSync(fileIn(shop)).includes(secret), secret)
  assert.is((await shop.run(...PACK, '--physical')).code, 1)
})

inShop(
  'a volume that was unpacked only in part is not packed',
  async (shop) => {
    const { volumes } = engineTransfer(shop.engine)
    const labels = { [COMPOSE.project]: 'shop', [COMPOSE.volume]: 'state' }
    const held = await volumes.hold({ name: 'shop_state', labels }, { project: 'shop', image: 'web:1' }, signal)
    const { code, err } = await shop.run(...PACK, '--service', 'web')
    assert.is(code, 1)
    assert.match(err, 'half-unpacked')
    assert.not.ok(existsSync(fileIn(shop)))
    await held.release()
    const index = await packed(shop, '--service', 'web')
    assert.equal(
      index.volumes.map(({ name }) => name),
      ['state'],
    )
  },
  false,
)

inShop('a pack that is there already is kept until the new one is whole', async (shop) => {
  writeFileSync(fileIn(shop), 'old')
  const running = shop.begin(PACK)
  running.interrupt()
  assert.is.not((await running.ended).code, 0)
  assert.is(readFileSync(fileIn(shop), 'utf8'), 'old')
  assert.equal(
    readdirSync(shop.directory).filter((name) => name.endsWith('.partial')),
    [],
  )
})

test.run()
