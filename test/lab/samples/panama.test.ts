import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sampleNamed } from '../../../scripts/samples/samples.mjs'
import { succeeded } from '../../support/cli.ts'
import { withFolder } from '../../support/folder.ts'
import { cypher, post } from './cypher.ts'
import { answersOf } from './panama-answers.ts'
import { freePortsFor, type SampleScene, sampleTest } from './sample-scene.ts'

/** samples/panama: what Cypher finds in the database is what the CSV files say. */
/** With the sign that stands between the user and the password in the secret. */
const PASSWORD = 'a-password/for-the/test'
const data = join(sampleNamed('panama').folder, 'data')

test('panama: make-data.mjs writes the same files each time', () =>
  withFolder({}, async (folder) => {
    execFileSync(process.execPath, [join(data, 'make-data.mjs'), folder])
    const files = readdirSync(data).filter((name) => name.endsWith('.csv'))
    assert.equal(readdirSync(folder).sort(), files.sort())
    for (const file of files)
      assert.is(readFileSync(join(folder, file), 'utf8'), readFileSync(join(data, file), 'utf8'))
  }))

sampleTest(
  'panama',
  'panama: queries answer what the files say, and the database outlives its container',
  async (scene) => {
    const { run, env } = scene
    Object.assign(env, await freePortsFor('NEO4J_PORT', 'BOLT_PORT'))
    writeFileSync(join(scene.sample, 'secrets/neo4j-auth.txt'), `neo4j/${PASSWORD}\n`)
    await upAndLoaded(scene)
    const answers = answersOf(data)
    const asked = readdirSync(join(scene.sample, 'queries')).filter((file) => file !== 'load.cypher')
    assert.equal(asked.sort(), Object.keys(answers).sort())
    for (const [file, answer] of Object.entries(answers)) assert.equal(await rowsOf(scene, file), answer, file)

    const database = { port: Number(env.NEO4J_PORT), password: PASSWORD }
    assert.is((await post({ ...database, password: 'wrong' }, 'RETURN 1 AS one')).status, 401)
    assert.equal((await post(database, 'MATCH (n')).body.errors.length, 1)
    await cypher(database, "MATCH (e:Entity {node_id: '10000001'}) CREATE (e)-[:NOTED]->(n:Note {text: 'kept'})")
    succeeded(await run('down'))
    await upAndLoaded(scene)
    assert.equal(await cypher(database, 'MATCH (:Entity)-[:NOTED]->(n:Note) RETURN n.text AS text'), [['kept']])
    await cypher(database, 'MATCH (n:Note) DETACH DELETE n')
    assert.equal(await rowsOf(scene, 'nodes.cypher'), answers['nodes.cypher'])
    const { stdout, stderr } = succeeded(await run('logs'))
    assert.not.match(stdout + stderr, PASSWORD)
  },
)

async function upAndLoaded({ run }: SampleScene): Promise<void> {
  succeeded(await run('up', '-d', '--wait'))
  succeeded(await run('wait', 'load'))
}

/** What the command of the README prints, without the names of the columns. */
async function rowsOf({ run }: SampleScene, file: string): Promise<unknown[][]> {
  const { stdout } = succeeded(await run('exec', '-T', 'neo4j', 'cypher', '-f', `/queries/${file}`))
  const [, ...rows] = stdout.trim().split('\n')
  return rows.map((row) => JSON.parse(`[${row}]`))
}

test.run()
