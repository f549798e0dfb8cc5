import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { flotilla, succeeded } from '../../support/cli.ts'
import { nothingToChange, type Scene, STAYS, scenes } from '../scene.ts'

/** Projects that are there, beside files that do not help. */

const check = await scenes()

const STACK = {
  services: { db: STAYS, web: { ...STAYS, depends_on: ['db'], volumes: ['data:/data'] } },
  volumes: { data: {} },
}

async function statesIn({ containers }: Scene): Promise<Record<string, string>> {
  const all = Object.entries(await containers()).map(([name, { state }]) => [name, state] as const)
  return Object.fromEntries(all.sort())
}

const RUNNING = { 'db-1': 'running', 'web-1': 'running' }

check('a stack file that cannot be read any more stops nobody from working with what is there', async (scene) => {
  const { stack, run, engine, project } = scene
  await stack(STACK)
  succeeded(await run('up', '-d'))
  await stack('services: { db: [\n')
  for (const line of ['stop', 'start', 'pause', 'unpause', 'restart', 'exec web true', 'ps -q', 'logs'])
    succeeded(await run(...line.split(' ')))
  assert.equal(await statesIn(scene), RUNNING)
  assert.is((await run('up', '-d')).code, 1)
  await stack('services: { else: { image: x } }')
  assert.match(succeeded(await run('kill')).stderr, 'warning[from-labels]')
  succeeded(await run('rm', '-f', 'web'))
  succeeded(await run('down', '-v'))
  const filter = { labels: [`com.docker.compose.project=${project}`] }
  assert.equal(
    [await statesIn(scene), await engine.listNetworks(filter), await engine.listVolumes(filter)],
    [{}, [], []],
  )
})

check('another directory says whose project it is, and takes it over only when asked to', async (scene) => {
  const { stack, run, folder, project } = scene
  const other = join(folder, 'other')
  await mkdir(other)
  await writeFile(join(other, 'compose.yaml'), JSON.stringify({ services: { web: STAYS } }))
  const there = (...args: string[]) => flotilla(args, { cwd: other, env: { COMPOSE_PROJECT_NAME: project } })
  await stack({ services: { web: STAYS } })
  succeeded(await run('up', '-d'))
  const { id } = await scene.container('web-1')
  const asked = await there('up', '-d')
  assert.is(asked.code, 1)
  assert.match(asked.stderr, `was brought up from ${folder}\n`)
  assert.is((await scene.container('web-1')).id, id)
  succeeded(await there('up', '-d', '--take-over'))
  assert.not.equal((await scene.container('web-1')).id, id)
  assert.is((await there('plan')).code, 0)
  assert.is((await run('plan')).code, 1)
  await rm(other, { recursive: true })
  await nothingToChange(run, 'a directory that is gone asks nobody')
})

test.run()
