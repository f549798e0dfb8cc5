import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { engineTransfer } from '../../src/backend/engine/transfer/transfer.ts'
import type { DumpFamily } from '../../src/backend/transfer.ts'
import type { Engine } from '../../src/docker/port.ts'
import { collect, failure } from '../docker/contract/expect.ts'
import { liveEngine, withProject } from '../support/live.ts'

/** Dumps of the laboratory's real servers. */
const dumps = suite('dumps of databases')

const PASSWORD = 'pass word of the test'
const NEVER = new AbortController().signal

interface Server {
  image: string
  home: string
  env(password: string): string[]
  /** Runs SQL in a database, or in none. */
  client(database: string, sql: string): string[]
  /** What is there before: a database that the server makes by itself, and one with a name to quote. */
  fill: [database: string, sql: string][]
  read: [database: string, sql: string]
  /** Loses all of it. */
  lose: [database: string, sql: string][]
  broken: string
}

const SERVERS: Record<DumpFamily, Server> = {
  postgresql: {
    image: 'flotilla-lab-postgis:1',
    home: '/var/lib/postgresql/data',
    env: (password) => [`POSTGRES_PASSWORD=${password}`, 'POSTGRES_DB=lab'],
    client: (database, sql) => ['psql', '-XAtq', '-Upostgres', '-vON_ERROR_STOP=1', `-d${database}`, `-c${sql}`],
    fill: [
      ['postgres', `CREATE ROLE "o'wner"`],
      ['postgres', 'CREATE DATABASE "my $data"'],
      [
        'my $data',
        `CREATE TABLE t AS SELECT 'it''s' || n AS x FROM generate_series(1, 9) n; ALTER TABLE t OWNER TO "o'wner"`,
      ],
      ['lab', "CREATE TABLE place AS SELECT postgis_lib_version() IS NOT NULL AS has, E'\\\\restrict \\t\\n' AS odd"],
    ],
    lose: [
      ['lab', 'DROP TABLE place'],
      ['postgres', 'DROP DATABASE "my $data"'],
      ['postgres', `DROP ROLE "o'wner"`],
    ],
    read: ['my $data', "SELECT sum(length(x)), (SELECT tableowner FROM pg_tables WHERE tablename = 't') FROM t"],
    broken: 'SELECT 1;\nSELECT broken;\nCREATE DATABASE zzz;\n',
  },
  mysql: {
    image: 'flotilla-lab-mysql:1',
    home: '/var/lib/mysql',
    env: (password) => [`MYSQL_ROOT_PASSWORD=${password}`, 'MYSQL_DATABASE=lab'],
    client: (database, sql) => [
      'sh',
      '-c',
      'MYSQL_PWD=$MYSQL_ROOT_PASSWORD mysql -uroot -N -B -e "$1" $2',
      'sh',
      sql,
      database,
    ],
    fill: [
      ['', 'CREATE DATABASE `my $data`; CREATE TABLE `my $data`.t (n INT PRIMARY KEY, x TEXT, b BLOB)'],
      [
        '',
        "INSERT INTO `my $data`.t VALUES (2, 'it''s', x'00ff'), (1, 'ä', NULL); CREATE TABLE lab.u AS SELECT 1 AS a",
      ],
    ],
    lose: [['', 'DROP DATABASE `my $data`; DROP TABLE lab.u']],
    read: ['', 'SELECT count(*), sum(length(x)), max(hex(b)), (SELECT sum(a) FROM lab.u) FROM `my $data`.t'],
    broken: 'SELECT 1;\nSELECT broken;\nCREATE DATABASE zzz;\n',
  },
}

const live = await liveEngine()

for (const [family, server] of Object.entries(SERVERS) as [DumpFamily, Server][]) {
  const engine = 'engine' in live ? live.engine : undefined
  if (!engine || !(await engine.inspectImage(server.image))) {
    console.log(`skipped: ${server.image} is not there`)
    continue
  }
  dumps(`${family}: the same data give the same dump, and come back on a server that lacks them`, () =>
    withProject(engine, (scope) => check(scope, family, server)),
  )
}

interface Scope {
  engine: Engine
  project: string
  labels: Record<string, string>
}

async function check(scope: Scope, family: DumpFamily, server: Server): Promise<void> {
  const { engine } = scope
  const transfer = engineTransfer(engine).dumps
  const ask = async (id: string, [database, sql]: [string, string]) => {
    const { exitCode, output } = await engine.exec(id, { cmd: server.client(database, sql) }, NEVER)
    assert.is(exitCode, 0, output)
    return output
  }
  const one = await running(scope, server)
  assert.is(await transfer.familyOf(one, NEVER), family)
  for (const statement of server.fill) await ask(one, statement)
  const dump = Buffer.concat(await collect(transfer.out(one, family, NEVER)))
  assert.ok(dump.equals(Buffer.concat(await collect(transfer.out(one, family, NEVER)))))
  assert.not(dump.includes(PASSWORD))
  const before = await ask(one, server.read)
  for (const statement of server.lose) await ask(one, statement)
  for (const _ of ['lost', 'there']) {
    await transfer.in(one, family, pieces(dump), NEVER)
    assert.is(await ask(one, server.read), before)
  }
  assert.ok(await failure(transfer.in(one, family, pieces(Buffer.from(server.broken)), NEVER)))
  assert.not(Buffer.concat(await collect(transfer.out(one, family, NEVER))).includes('zzz'))
}

async function running({ engine, project, labels }: Scope, { image, home, env }: Server): Promise<string> {
  await engine.createVolume({ Name: project, Labels: labels })
  const HostConfig = { Binds: [`${project}:${home}`] }
  const { id } = await engine.createContainer(project, { Image: image, Env: env(PASSWORD), Labels: labels, HostConfig })
  await engine.startContainer(id)
  await engine.exec(id, { cmd: ['sh', '-c', 'until healthy.sh; do sleep 0.2; done'] }, NEVER)
  return id
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000)
}

dumps.run()
