import {
  chmodSync,
  chownSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Engine } from '../../src/docker/port.ts'
import { type CliOptions, flotilla, freePorts, type Ran } from '../support/cli.ts'
import { liveEngine, remainsOf, removeProject } from '../support/live.ts'

/** The laboratory of samples/lab, on copies of its folder, so that nothing in the repository changes. */
const lab = suite<{
  engine: Engine
  folder: string
  options: CliOptions
  ports: Record<'mysql' | 'postgis' | 'jupyter', number>
}>('lab')

const PROJECT = `flotilla-lab-test-${process.pid}`
const TOKEN = 'a-token-for-the-test'
/** In the sample's .env, as a user would give it. */
const KEY = 'maps-key-for-the-test'
const PASSWORDS = { MYSQL_PASSWORD: 'mysql-password-for-the-test', POSTGRES_PASSWORD: 'postgres-password-for-the-test' }

lab.before(async (context) => {
  const live = await liveEngine()
  if ('skip' in live) throw new Error(live.skip)
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-lab-'))
  cpSync(join(import.meta.dirname ?? '', '../../samples/lab'), folder, { recursive: true })
  for (const output of ['summary.json', 'map.png']) rmSync(join(folder, 'work', output), { force: true })
  chmodSync(folder, 0o755)
  giveKey(join(folder, '.env'))
  const [mysql = 0, postgis = 0, jupyter = 0] = await freePorts(3)
  const ports = { MYSQL_PORT: `${mysql}`, POSTGIS_PORT: `${postgis}`, JUPYTER_PORT: `${jupyter}` }
  const env = { ...ports, ...PASSWORDS, COMPOSE_PROJECT_NAME: PROJECT, JUPYTER_TOKEN: TOKEN }
  Object.assign(context, {
    engine: live.engine,
    folder,
    ports: { mysql, postgis, jupyter },
    options: { cwd: folder, env },
  })
})

lab.after(async ({ engine, folder }) => {
  await removeProject(engine, PROJECT)
  rmSync(folder, { recursive: true, force: true })
})

function giveKey(file: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^MAPS_API_KEY=.*$/m, `MAPS_API_KEY=${KEY}`))
}

function succeeded(ran: Ran): Ran {
  assert.is(ran.code, 0, ran.stdout + ran.stderr)
  return ran
}

async function fromMysql<T>(port: number, sql: string): Promise<T[]> {
  const { MYSQL_PASSWORD: password } = PASSWORDS
  const client = await createConnection({ host: '127.0.0.1', port, user: 'lab', password, database: 'lab' })
  try {
    const [rows] = await client.query(sql)
    return rows as T[]
  } finally {
    await client.end()
  }
}

async function fromPostgis<T>(port: number, sql: string): Promise<T[]> {
  const { POSTGRES_PASSWORD: password } = PASSWORDS
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'lab', password, database: 'lab' })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/** Executes the notebook in the container, as the user that JupyterLab runs as. */
async function executeNotebook(engine: Engine): Promise<void> {
  const notebook = '/home/jovyan/work/borders-and-people.ipynb'
  const cmd = ['jupyter', 'nbconvert', '--to', 'notebook', '--execute', '--output-dir', '/tmp', notebook]
  const env = ['HOME=/home/jovyan']
  const ran = await engine.exec(`${PROJECT}-jupyter-1`, { cmd, user: 'jovyan', env }, AbortSignal.timeout(180_000))
  assert.is(ran.exitCode, 0, ran.output)
}

lab('comes up, each service after what it needs', async ({ options, engine }) => {
  succeeded(await flotilla(['up', '-d', '--wait'], options))
  const states = await Promise.all(
    ['mysql', 'postgis', 'jupyter'].map((name) => engine.inspectContainer(`${PROJECT}-${name}-1`)),
  )
  // That they are ready was reported by `--wait`; the engine's own probes may say so a moment later.
  assert.equal(
    states.map((state) => state?.running),
    [true, true, true],
  )
  const [mysql, postgis, jupyter] = states.map((state) => Date.parse(state?.startedAt ?? ''))
  assert.ok(jupyter && mysql && postgis && jupyter > Math.max(mysql, postgis))
})

lab('a second up finds nothing to do', async ({ options }) => {
  assert.is((await flotilla(['plan'], options)).code, 0)
  const events = succeeded(await flotilla(['--progress', 'json', 'up', '-d'], options))
  assert.is((events.stdout + events.stderr).match(/"step-start"/g), null)
})

lab('is published on the loopback address only', async ({ engine }) => {
  const containers = await engine.listContainers({ labels: [`com.docker.compose.project=${PROJECT}`] })
  const published = containers.flatMap((each) => each.ports.filter((port) => port.published !== undefined))
  assert.is(published.length, 3)
  assert.equal([...new Set(published.map((port) => port.hostIp))], ['127.0.0.1'])
})

lab('both databases answer real clients on this host', async ({ ports }) => {
  const [mysql] = await fromMysql<{ version: string }>(ports.mysql, 'SELECT version() AS version')
  assert.not.match(mysql?.version ?? 'MariaDB', /MariaDB/i)
  const [postgis] = await fromPostgis<{ version: string }>(ports.postgis, 'SELECT postgis_version() AS version')
  assert.match(postgis?.version ?? '', /^\d/)
})

lab('endpoints can be pasted', async ({ options, ports }) => {
  const { stdout } = succeeded(await flotilla(['endpoints'], options))
  assert.ok(stdout.includes(`http://127.0.0.1:${ports.jupyter}/lab?token=${TOKEN}`), stdout)
  for (const password of Object.values(PASSWORDS)) assert.not.match(stdout, password)
  const shown = succeeded(await flotilla(['endpoints', '--show-secrets'], options)).stdout
  assert.ok(shown.includes(`mysql://lab:${PASSWORDS.MYSQL_PASSWORD}@127.0.0.1:${ports.mysql}/lab`), shown)
  assert.ok(shown.includes(`postgresql://lab:${PASSWORDS.POSTGRES_PASSWORD}@127.0.0.1:${ports.postgis}/lab`), shown)
  const page = await fetch(`http://127.0.0.1:${ports.jupyter}/lab?token=${TOKEN}`)
  assert.is(page.status, 200)
  assert.is((await fetch(`http://127.0.0.1:${ports.jupyter}/api/contents`)).status, 403)
})

lab('JupyterLab runs as a normal user, and has the API key', async ({ engine }) => {
  const container = `${PROJECT}-jupyter-1`
  const top = await engine.exec(
    container,
    { cmd: ['sh', '-c', 'stat -c %u /proc/[0-9]*/'] },
    AbortSignal.timeout(30_000),
  )
  assert.ok(
    top.output.split('\n').some((uid) => uid.trim() === '1000'),
    top.output,
  )
  const env = (await engine.inspectContainer(container))?.spec.Env ?? []
  assert.ok(env.includes(`MAPS_API_KEY=${KEY}`))
})

lab('the notebook joins data of both databases, and draws a map', async ({ engine, folder, ports }) => {
  await executeNotebook(engine)
  const summary = JSON.parse(readFileSync(join(folder, 'work/summary.json'), 'utf8'))
  const [people] = await fromMysql<Record<string, string>>(
    ports.mysql,
    'SELECT count(*) AS n, sum(population) AS people FROM countries',
  )
  const [land] = await fromPostgis<Record<string, string>>(
    ports.postgis,
    'SELECT count(*) AS n, sum(ST_Area(border::geography)) / 1e6 AS km2 FROM countries',
  )
  assert.equal([summary.mysql.countries, summary.mysql.population], [Number(people?.n), Number(people?.people)])
  assert.equal([summary.postgis.countries, summary.postgis.area_km2], [Number(land?.n), Math.round(Number(land?.km2))])
  assert.is(summary.joined.per_km2, Math.round((10 * Number(people?.people)) / Number(land?.km2)) / 10)
  assert.is(summary.joined.densest.name, 'Netherlands')
  const png = readFileSync(join(folder, 'work/map.png'))
  assert.equal(png.subarray(1, 4).toString(), 'PNG')
  assert.ok(png.length > 50_000)
})

lab('the API key of .env reached the notebook, and no log', async ({ options, folder }) => {
  const summary = JSON.parse(readFileSync(join(folder, 'work/summary.json'), 'utf8'))
  assert.is(summary.api_key_characters, KEY.length)
  const printed = await Promise.all([['logs'], ['ps'], ['plan'], ['endpoints']].map((args) => flotilla(args, options)))
  for (const { stdout, stderr } of printed) assert.not.match(stdout + stderr, KEY)
})

lab('data survives down and up, whoever owns the notebooks', async ({ options, engine, folder, ports }) => {
  await fromMysql(ports.mysql, "INSERT INTO countries VALUES ('XXA', 'Atlantis', 7, 1)")
  await fromPostgis(ports.postgis, "UPDATE countries SET name = 'Deutschland' WHERE iso_a3 = 'DEU'")
  succeeded(await flotilla(['down'], options))
  assert.equal(await engine.listContainers({ labels: [`com.docker.compose.project=${PROJECT}`] }), [])
  if (process.getuid?.() === 0) giveAway(join(folder, 'work'), 4321)
  succeeded(await flotilla(['up', '-d', '--wait'], options))
  const [atlantis] = await fromMysql<{ name: string }>(ports.mysql, "SELECT name FROM countries WHERE iso_a3 = 'XXA'")
  const [germany] = await fromPostgis<{ name: string }>(
    ports.postgis,
    "SELECT name FROM countries WHERE iso_a3 = 'DEU'",
  )
  assert.equal([atlantis?.name, germany?.name], ['Atlantis', 'Deutschland'])
})

lab('notebooks can be saved, and belong to the owner of the folder', async ({ folder, ports }) => {
  const body = JSON.stringify({ type: 'file', format: 'text', content: 'saved' })
  const headers = { Authorization: `token ${TOKEN}` }
  const saved = await fetch(`http://127.0.0.1:${ports.jupyter}/api/contents/saved.txt`, {
    method: 'PUT',
    headers,
    body,
  })
  assert.is(saved.status, 201)
  const file = join(folder, 'work/saved.txt')
  assert.is(readFileSync(file, 'utf8'), 'saved')
  assert.is(statSync(file).uid, statSync(join(folder, 'work')).uid)
})

lab('down -v leaves nothing of it', async ({ options, engine }) => {
  succeeded(await flotilla(['down', '-v'], options))
  assert.equal(await remainsOf(engine, PROJECT), [[], [], []])
})

function giveAway(folder: string, uid: number): void {
  chownSync(folder, uid, uid)
  for (const each of readdirSync(folder)) chownSync(join(folder, each), uid, uid)
}

lab.run()
