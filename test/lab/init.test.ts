import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { eventually } from '../docker/contract/expect.ts'
import { type Scene, withScene } from '../live/scene.ts'
import { succeeded } from '../support/cli.ts'
import { liveEngine } from '../support/live.ts'

/** What `flotilla init` writes, on the laboratory's images: their programs, variables and folders are those of the official ones. */
const lab = suite('lab init')

const IMAGES: Record<string, string> = {
  mysql: 'flotilla-lab-mysql:1',
  postgis: 'flotilla-lab-postgis:1',
  postgres: 'flotilla-lab-postgis:1',
  jupyter: 'flotilla-lab-jupyter:1',
}

/** Reads and writes as a notebook does, with the variables of its service alone. */
const NOTEBOOK = `
import os, pymysql, psycopg2
def of(name):
    return {key: os.environ[f"{name}_{key.upper()}"] for key in ("host", "database", "user", "password")}
for connection, version in ((pymysql.connect(**of("MYSQL")), "version()"), (psycopg2.connect(**of("POSTGIS")), "postgis_version()")):
    cursor = connection.cursor()
    cursor.execute(f"select {version}")
    print(cursor.fetchone()[0])
open("/home/jovyan/work/saved", "w").write("by a notebook")
`

const live = await liveEngine()
const isThere =
  'engine' in live &&
  (await Promise.all(Object.values(IMAGES).map((image) => live.engine.inspectImage(image)))).every(Boolean)

if (!isThere) console.log("skipped: there is no engine, or it lacks the laboratory's images")

function check(title: string, body: (scene: Scene) => Promise<void>): void {
  if (!('engine' in live) || !isThere) lab.skip(title)
  else {
    const { engine } = live
    lab(title, () => withScene(engine, body))
  }
}

check('databases and JupyterLab come up as they are written, healthy, and know each other', async (scene) => {
  const { run, write, inside, folder, containers } = scene
  succeeded(await run('init', ...Object.keys(IMAGES)))
  const services = Object.entries(IMAGES).map(([name, image]) => `  ${name}: {image: "${image}"}\n`)
  await write('stack.override.yaml', `services:\n${services.join('')}`)
  succeeded(await run('up', '-d', '--wait'))
  // `up --wait` runs the tests itself: the engine's own come later, and have the same result.
  const tested = await eventually(scene.engine, async () => {
    const health = Object.values(await containers()).map(({ health }) => health?.status)
    return health.every((status) => status !== 'starting') && health
  })
  assert.equal(
    tested,
    Object.keys(IMAGES).map(() => 'healthy'),
  )
  assert.match(await inside('jupyter-1', 'python3', '-c', NOTEBOOK), /^\d+\.\d+.*\n\d+\.\d+ /)
  assert.is(readFileSync(join(folder, 'work/saved'), 'utf8'), 'by a notebook')
})

lab.run()
