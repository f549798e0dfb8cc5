import { chownSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { succeeded } from '../../support/cli.ts'
import { freePortsFor, type SampleScene, sampleTest } from './sample-scene.ts'

/** samples/notebook: files from both sides, and the token. */
const TOKEN = 'a-token-for-the-test'

/** The owner of the mounted folder, where the tests may choose one. */
const OWNER = 4321

sampleTest(
  'notebook',
  'notebook: executes on files of the folder, and what it writes belongs to its owner',
  async (scene) => {
    const { run, env } = scene
    const folder = folderOf(scene)
    Object.assign(env, await freePortsFor('JUPYTER_PORT'), { JUPYTER_TOKEN: TOKEN })
    succeeded(await run('up', '-d', '--wait'))
    const address = `http://127.0.0.1:${env.JUPYTER_PORT}`
    const page = `${address}/lab?token=${TOKEN}`
    assert.is(succeeded(await run('open', 'notebook', '--print')).stdout.trim(), page)
    assert.ok(succeeded(await run('endpoints')).stdout.includes(page))
    assert.is((await fetch(page)).status, 200)
    assert.is((await fetch(`${address}/api/contents`)).status, 403)

    writeFileSync(join(folder, 'from-the-host.txt'), 'written on the host')
    const seen = await contents(address, 'from-the-host.txt')
    assert.is(seen.content, 'written on the host')

    const command = 'jupyter nbconvert --to notebook --execute --output-dir /tmp /home/jovyan/work/rainfall.ipynb'
    succeeded(await run('exec', '-T', '-u', 'jovyan', '-e', 'HOME=/home/jovyan', 'notebook', ...command.split(' ')))
    const file = join(folder, 'summary.json')
    assert.equal(JSON.parse(readFileSync(file, 'utf8')), expected(folder))
    assert.is(statSync(file).uid, statSync(folder).uid)
    assert.not.match((await run('logs')).stdout, TOKEN)
  },
)

/** The mounted folder, as an ordinary user's. */
function folderOf({ sample }: SampleScene): string {
  const folder = join(sample, 'work')
  rmSync(join(folder, 'summary.json'), { force: true })
  if (process.getuid?.() !== 0) return folder
  for (const path of [folder, ...readdirSync(folder).map((each) => join(folder, each))]) chownSync(path, OWNER, OWNER)
  return folder
}

async function contents(address: string, path: string): Promise<{ content: string }> {
  const headers = { Authorization: `token ${TOKEN}` }
  return (await fetch(`${address}/api/contents/${path}`, { headers })).json() as Promise<{ content: string }>
}

/** The notebook's numbers, computed here. */
function expected(folder: string): object {
  const [, ...rows] = readFileSync(join(folder, 'rainfall.csv'), 'utf8').trim().split('\n')
  const rain = rows.map((row) => Number(row.split(',')[1]))
  const total = rain.reduce((sum, each) => sum + each, 0)
  const mean = Math.round((100 * total) / rain.length) / 100
  return { total, mean, wettest: rain.indexOf(Math.max(...rain)) + 1 }
}

test.run()
