import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { writeWhole } from '../../../src/cli/write-whole.ts'
import { type Lab, withLab } from '../support.ts'

const stack = (mode: string, extra = '') => `
name: shop
services:
  db: { image: "db:1", environment: { DB_PASSWORD: Zq12345678 } }
  web:
    image: "web:1"
    environment: { MODE: ${mode} }
    ports: ["127.0.0.1:8080:80"]
    volumes: [./in:/in:ro]
${extra}`

const FILES = {
  'stack.yaml': stack('fast'),
  'in/a.csv': 'a,b\n',
  'in/server.key': 'Zq private\n',
  'in/users.sql': "CREATE USER me IDENTIFIED BY 'Zq12345678';\n",
}

function inShop(name: string, body: (shop: Lab) => Promise<void>): void {
  const images = { 'db:1': { cmd: ['serve'] }, 'web:1': { cmd: ['run'] }, 'web:2': { cmd: ['run'], content: 'newer' } }
  test(name, () => withLab(FILES, { images }, body))
}

async function codes(shop: Lab, lines: [line: string, code: number][]): Promise<string> {
  let out = ''
  for (const [line, code] of lines) {
    const words = line.replace(/^lock(?= --update|$)/, 'lock --no-packages')
    const ran = await shop.begin(words.split(' '), { writeFile: writeWhole }).ended
    assert.is(ran.code, code, `${line}: ${ran.out}${ran.err}`)
    out = ran.out + ran.err
  }
  return out
}

const lockIn = (shop: Lab) => readFileSync(join(shop.directory, 'stack.lock.yaml'), 'utf8')

inShop(
  'lock writes the same text every time, without secrets and without hashes of files that may hold any',
  async (shop) => {
    await codes(shop, [['lock', 0]])
    const text = lockIn(shop)
    for (const word of ['Zq', '8080', shop.directory]) assert.not.ok(text.includes(word), text)
    assert.match(text, /^ {2}\.\/in\/a\.csv: sha256:[0-9a-f]{64}$/m)
    assert.not.match(text, /(server\.key|users\.sql): sha256/)
    assert.match(text, /- \.\/in\/server\.key\n {4}- \.\/in\/users\.sql/)
    await codes(shop, [
      ['lock', 0],
      ['lock --check', 0],
    ])
    rmSync(join(shop.directory, 'stack.lock.yaml'))
    await codes(shop, [['lock', 0]])
    assert.is(lockIn(shop), text)
  },
)

inShop('lock --check says what differs, with its place, and exits with 2', async (shop) => {
  await codes(shop, [
    ['lock --check', 1],
    ['lock', 0],
  ])
  shop.write({ 'stack.yaml': stack('slow'), 'in/a.csv': 'a,c\n', 'in/b.csv': '' })
  shop.engine.world.images.set('web:1', shop.engine.world.images.get('web:2') as never)
  const told = await codes(shop, [['lock --check', 2]])
  for (const part of [/MODE.*stack\.yaml:7:/, /- fast/, /\+ slow/, /in\/a\.csv/, /in\/b\.csv/, /web:1.*content/])
    assert.match(told, part)
  const before = lockIn(shop)
  await codes(shop, [['lock', 2]])
  assert.is(lockIn(shop), before)
  await codes(shop, [
    ['lock --update', 0],
    ['lock --check', 0],
  ])
})

inShop('lock --update SERVICE leaves everything else as it was', async (shop) => {
  await codes(shop, [['lock', 0]])
  shop.write({ 'stack.yaml': stack('slow').replace('DB_PASSWORD: Zq12345678', 'SIZE: 1') })
  await codes(shop, [['lock --update web', 0]])
  const told = await codes(shop, [['lock --check', 2]])
  assert.match(told, 'SIZE')
  assert.not.match(told, 'MODE')
  await codes(shop, [
    ['lock --update nobody', 1],
    ['lock web', 1],
    ['lock --update db', 0],
    ['lock --check', 0],
  ])
})

inShop('lock diff compares two files, noted facts included, without an engine', async (shop) => {
  await codes(shop, [['lock', 0]])
  shop.write({
    'old.yaml': lockIn(shop).replace('MODE: fast', 'MODE: slow'),
    'noted.yaml': lockIn(shop).replace(/engine: .*/, 'engine: 1'),
  })
  const told = await codes(shop, [['lock diff stack.lock.yaml old.yaml', 2]])
  assert.match(told, /MODE.*old\.yaml:\d+:\d+/)
  const noted = await codes(shop, [['lock diff noted.yaml stack.lock.yaml', 0]])
  assert.match(noted, 'noted.engine')
  await codes(shop, [
    ['lock diff old.yaml', 1],
    ['lock diff old.yaml none.yaml', 1],
    ['lock diff stack.yaml old.yaml', 1],
  ])
})

inShop('an image that is not there cannot be locked, and is a difference', async (shop) => {
  await codes(shop, [['lock', 0]])
  shop.engine.world.images.delete('db:1')
  assert.match(await codes(shop, [['lock --check', 2]]), /not on this engine/)
  await codes(shop, [['lock --update', 1]])
})

inShop('verify compares what runs: stacks, containers and the images that they were created from', async (shop) => {
  await codes(shop, [
    ['verify', 1],
    ['lock', 0],
    ['verify', 2],
    ['up -d', 0],
    ['verify', 0],
  ])
  const { images } = shop.engine.world
  const first = images.get('web:1')
  images.set('web:1', images.get('web:2') as never)
  await codes(shop, [
    ['verify', 2],
    ['up -d', 0],
    ['verify', 2],
  ])
  images.set('web:1', first as never)
  await codes(shop, [
    ['verify', 2],
    ['up -d', 0],
    ['verify', 0],
    ['stop web', 0],
    ['verify', 2],
  ])
})

inShop('up --locked refuses a stack, files and images that are not as locked, and says where', async (shop) => {
  await codes(shop, [
    ['up -d --locked', 1],
    ['lock', 0],
    ['plan --locked', 2],
    ['up -d --locked', 0],
    ['plan --locked', 0],
  ])
  const { images } = shop.engine.world
  const first = images.get('web:1')
  images.set('web:1', images.get('web:2') as never)
  assert.match(await codes(shop, [['up -d --locked', 1]]), /lock-differs.*web:1.*content-v1:/)
  // The locked image is there, whatever its name: it is used.
  images.set('kept:1', first as never)
  await codes(shop, [
    ['up -d --locked', 0],
    ['plan --locked', 0],
  ])
  images.set('web:1', first as never)
  shop.write({ 'stack.yaml': stack('slow'), 'in/a.csv': 'changed' })
  const told = await codes(shop, [['up -d --locked', 1]])
  for (const part of [
    /MODE is "slow", but locked as "fast"/,
    /stack\.yaml:7:/,
    /in\/a\.csv/,
    /stack\.lock\.yaml:\d+:\d+/,
  ])
    assert.match(told, part)
  await codes(shop, [
    ['up -d --locked --build', 1],
    ['up -d --locked --pull always', 1],
  ])
})

inShop('up --locked pulls what is not there, and refuses it if it is not what was locked', async (shop) => {
  await codes(shop, [['lock', 0]])
  const { images, registry } = shop.engine.world
  for (const name of ['db:1', 'web:1']) {
    registry[name] = images.get(name)?.fixture as never
    images.delete(name)
  }
  await codes(shop, [
    ['up -d --locked', 0],
    ['verify', 0],
    ['down', 0],
  ])
  registry['web:1'] = images.get('web:2')?.fixture as never
  await codes(shop, [
    ['create', 0],
    ['start', 0],
    ['run -d web', 0],
    ['down --remove-orphans', 0],
  ])
  images.delete('web:1')
  assert.match(await codes(shop, [['up -d --locked', 1]]), 'lock-differs')
})

inShop('a build is never locked by its sources alone', async (shop) => {
  const build = { 'stack.yaml': 'name: shop\nservices: { web: { build: . } }\n', Dockerfile: 'FROM scratch\n' }
  shop.write(build)
  await codes(shop, [
    ['build', 0],
    ['lock', 0],
    ['up -d --locked', 0],
    ['down --rmi all', 0],
  ])
  assert.match(await codes(shop, [['up -d --locked', 1]]), 'lock-differs')
})

inShop('an image with a digest in its name starts offline under any name, once it is locked', async (shop) => {
  const reference = `web@sha256:${'a'.repeat(64)}`
  shop.write({ 'stack.yaml': `name: shop\nservices: { web: { image: "${reference}" } }\n` })
  const { images } = shop.engine.world
  const image = images.get('web:1')
  images.set(reference, image as never)
  await codes(shop, [['lock', 0]])
  images.delete(reference)
  for (const command of ['up -d', 'up -d --locked']) {
    await codes(shop, [
      [command, 0],
      ['down', 0],
    ])
    await codes(shop, [
      [command, 0],
      [command, 0],
      ['verify', 0],
    ])
    await codes(shop, [['down', 0]])
  }
  const others = ['create', 'start', 'run -d web', 'down --remove-orphans']
  await codes(
    shop,
    others.map((line) => [line, 0]),
  )
  images.delete('web:1')
  await codes(shop, [
    ['up -d', 1],
    ['up -d --locked', 1],
  ])
})

test.run()
