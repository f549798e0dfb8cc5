import { chownSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { succeeded } from '../../support/cli.ts'
import { freePortsFor, type SampleScene, sampleTest } from './sample-scene.ts'
import { shinyOutputs } from './shiny-client.ts'

/** samples/rstudio: R and Python find the same in the same databases, and Shiny answers from one of them. */
const PASSWORD = 'a-password-for-the-test'

/** The owner of the mounted folder, where the tests may choose one. */
const OWNER = 4321

type Numbers = Record<string, number | string>

sampleTest('rstudio', 'rstudio: notebooks in R and in Python agree, and Shiny draws', async (scene) => {
  const { run, env } = scene
  const folder = folderOf(scene)
  Object.assign(env, await freePortsFor('RSTUDIO_PORT', 'SHINY_PORT'), { RSTUDIO_PASSWORD: PASSWORD })
  succeeded(await run('up', '-d', '--wait'))
  const page = `http://127.0.0.1:${env.RSTUDIO_PORT}/lab?token=${PASSWORD}`
  assert.is(succeeded(await run('open', 'rstudio', '--print')).stdout.trim(), page)
  assert.is((await fetch(page)).status, 200)

  const [inR, inPython] = [
    await executed(scene, folder, 'europe-in-r'),
    await executed(scene, folder, 'europe-in-python'),
  ]
  assertSame(inR, inPython)
  assert.equal([inR.countries, inR.population], await inMysql(scene))
  assert.equal([inR.countries, inR.touching], await inPostgis(scene))
  const map = readFileSync(join(folder, 'europe-in-r.png'))
  assert.is(map.subarray(1, 4).toString(), 'PNG')
  assert.ok(map.length > 20_000)
  assert.is(statSync(join(folder, 'europe-in-r.png')).uid, statSync(folder).uid)

  await assertShinyAnswers(scene)
  const { stdout, stderr } = succeeded(await run('logs'))
  for (const secret of [PASSWORD, 'sample-mysql-password', 'sample-postgres-password'])
    assert.not.match(stdout + stderr, secret)
})

/** The mounted folder, as an ordinary user's. */
function folderOf({ sample }: SampleScene): string {
  const folder = join(sample, 'work')
  for (const name of readdirSync(folder)) if (/^europe-in-.*\.(json|png)$/.test(name)) rmSync(join(folder, name))
  if (process.getuid?.() !== 0) return folder
  chownSync(folder, OWNER, OWNER)
  for (const name of readdirSync(folder, { recursive: true })) chownSync(join(folder, String(name)), OWNER, OWNER)
  return folder
}

/** Executes a notebook in the container; its numbers, which it also writes beside itself. */
async function executed({ run }: SampleScene, folder: string, name: string): Promise<Numbers> {
  const command = ['jupyter', 'nbconvert', '--to', 'notebook', '--execute', '--stdout', `${name}.ipynb`]
  const user = ['-u', 'jovyan', '-e', 'HOME=/home/jovyan']
  const { cells } = JSON.parse(succeeded(await run('exec', '-T', ...user, 'rstudio', ...command)).stdout)
  const printed = JSON.parse(cells.at(-1).outputs[0].text.join(''))
  assert.equal(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')), printed)
  return printed
}

/** Equal but for the last digits: the languages add up in different orders. */
function assertSame(one: Numbers, other: Numbers): void {
  assert.equal(Object.keys(one), Object.keys(other))
  for (const [name, value] of Object.entries(one)) {
    const [a, b] = [value, other[name]]
    const close = typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) <= 1e-9 * Math.abs(a)
    assert.ok(a === b || close, `${name}: ${a} in R, ${b} in Python`)
  }
}

/** Asked by the database's own client: of countries, by default how many, and how many people. */
async function inMysql(scene: SampleScene, what = 'count(*), sum(population)', which = 'true'): Promise<number[]> {
  const client = 'MYSQL_PWD=$(cat /run/secrets/mysql-password) mysql -h 127.0.0.1 -u lab -N lab'
  return numbersFrom(scene, 'mysql', `${client} -e 'SELECT ${what} FROM countries WHERE ${which}'`)
}

/** How many countries, and how many pairs of neighbours. */
async function inPostgis(scene: SampleScene): Promise<number[]> {
  const neighbours =
    'SELECT count(*) FROM countries a JOIN countries b ON a.iso_a3 < b.iso_a3 AND ST_Touches(a.border, b.border)'
  const query = `SELECT count(*), (${neighbours}) FROM countries`
  return numbersFrom(
    scene,
    'postgis',
    `PGPASSWORD=$(cat /run/secrets/postgres-password) psql -h 127.0.0.1 -U lab -At -c '${query}'`,
  )
}

async function numbersFrom({ run }: SampleScene, service: string, command: string): Promise<number[]> {
  const { stdout } = succeeded(await run('exec', '-T', service, 'sh', '-c', command))
  return stdout.trim().split(/[\t|]/).map(Number)
}

async function assertShinyAnswers(scene: SampleScene): Promise<void> {
  const page = `http://127.0.0.1:${scene.env.SHINY_PORT}/economy/`
  assert.match(await (await fetch(page)).text(), 'economy per head')
  const { richest, bars } = await shinyOutputs(page, { 'least:shiny.number': 50 }, ['richest', 'bars'])
  const [large] = await inMysql(scene, 'count(*)', 'population >= 50000000')
  assert.match(String(richest), new RegExp(`^${large} countries; the richest is Germany with \\d+ dollars`))
  assert.match((bars as { src: string }).src, /^data:image\/png;base64,/)
}

test.run()
