import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Lab, withLab } from '../support.ts'

/** What `up` says of databases whose data do not survive, or whose variables come too late. */

const DATA = '/var/lib/postgresql/data'
const IMAGES = {
  'postgres:16': { cmd: ['postgres'], volumes: [DATA] },
  'postgres:18': { cmd: ['postgres'], volumes: ['/var/lib/postgresql'] },
  'registry.example:5000/team/my-mariadb:11': { cmd: ['mariadbd'], volumes: ['/var/lib/mysql'] },
  'mongo:7': { cmd: ['mongod'], volumes: ['/data/db'] },
  'prom/mysqld-exporter': { cmd: ['x'] },
  'mongo-express': { cmd: ['x'] },
  'app:1': { cmd: ['serve'] },
}

function inLab(name: string, body: (own: Lab) => Promise<void>): void {
  test(name, async () => {
    await withLab({}, { images: IMAGES }, body)
  })
}

const stackOf = (db: string) => `name: shop\nservices: { db: { ${db} } }\nvolumes: { data: {} }\n`

const UNKEPT: [db: string, home?: string][] = [
  ['image: "postgres:16"', DATA],
  ['image: "postgres:18"', '/var/lib/postgresql'],
  ['image: "registry.example:5000/team/my-mariadb:11"', '/var/lib/mysql'],
  ['image: "mongo:7"', '/data/db'],
  [`image: "postgres:16", volumes: ["${DATA}"]`, DATA],
  ['image: "postgres:16", volumes: ["data:/elsewhere"]', DATA],
  ['image: "postgres:16", command: [postgres, -c, fsync=off]', DATA],
  ['image: "postgres:16", environment: { PGDATA: /pg }', '/pg'],
  [`image: "postgres:16", volumes: ["data:${DATA}"]`],
  ['image: "postgres:18", volumes: ["data:/var/lib/postgresql"]'],
  [`image: "postgres:16", volumes: ["./data:${DATA}"]`],
  [`image: "postgres:16", tmpfs: ["${DATA}"]`],
  ['image: "postgres:16", environment: { PGDATA: /pg/16 }, volumes: ["data:/pg"]'],
  ['image: "postgres:16", command: [pg_dump, x]'],
  ['image: "mongo:7", entrypoint: [mongodump]'],
  ['image: "prom/mysqld-exporter"'],
  ['image: "mongo-express"'],
  ['image: "app:1"'],
]

for (const [db, home] of UNKEPT)
  inLab(`${db}: ${home ? `no volume holds ${home}` : 'nothing to say'}`, async ({ run, write }) => {
    write({ 'stack.yaml': stackOf(db) })
    const { code, err } = await run('up', '-d')
    assert.is(code, 0)
    if (home === undefined) assert.not.match(err, 'data-unkept')
    else assert.match(err, `volumes: ["db-data:${home}"]`)
    assert.not.match((await run('up', '-d')).err, 'data-unkept', 'once, when it is created')
  })

const PASSWORD = (value: string, more = '') =>
  stackOf(`image: "postgres:16", environment: { POSTGRES_PASSWORD: "${value}" }${more}`)

for (const [kept, more] of [
  ['an anonymous volume', ''],
  ['a directory', `, volumes: ["./data:${DATA}"]`],
  ['a volume that others made', `, volumes: ["data:${DATA}"]`],
] as const)
  inLab(`a password that changes once ${kept} has data is said to have no effect, and not shown`, async (own) => {
    if (kept.startsWith('a volume'))
      await own.engine.createVolume({
        Name: 'shop_data',
        Labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.volume': 'data' },
      })
    own.write({ 'stack.yaml': PASSWORD('swordfish', more) })
    assert.is((await own.run('up', '-d')).code, 0)
    own.write({ 'stack.yaml': PASSWORD('sturgeon', more) })
    const { code, err } = await own.run('up', '-d')
    assert.is(code, 0, err)
    assert.match(
      err,
      /warning\[database-initialised\]: db: POSTGRES_PASSWORD changed, but only counts while there is no data/,
    )
    assert.match(err, 'ALTER USER')
    assert.not.match(err, /swordfish|sturgeon/)
    assert.not.match((await own.run('up', '-d')).err, 'database-initialised')
  })

inLab('with new anonymous volumes a changed password counts', async (own) => {
  own.write({ 'stack.yaml': PASSWORD('swordfish') })
  await own.run('up', '-d')
  own.write({ 'stack.yaml': PASSWORD('sturgeon') })
  assert.not.match((await own.run('up', '-d', '-V')).err, 'database-initialised')
})

inLab('a named volume of ours knows what it was initialised with', async (own) => {
  own.write({ 'stack.yaml': PASSWORD('swordfish', `, volumes: ["data:${DATA}"]`) })
  await own.run('up', '-d')
  own.write({ 'stack.yaml': PASSWORD('sturgeon', `, volumes: ["data:${DATA}"]`) })
  const { err } = await own.run('up', '-d')
  assert.is(err.match(/database-initialised/g)?.length, 1, err)
  assert.match(err, 'volume "shop_data" was initialised')
})

test.run()
