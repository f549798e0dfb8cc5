import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { launch, succeeded } from '../../support/cli.ts'
import { compose } from '../compose.ts'
import { type Scene, STAYS, scenes } from '../scene.ts'

const client = await compose(['docker'], ['--version'], {}).catch(() => undefined)
if (client === undefined) console.log('skipped: there is no docker command')
const anyScene = await scenes()
const check: typeof anyScene = client === undefined ? (name) => test.skip(name) : anyScene

const STACK = { services: { a: STAYS } }

/** docker with a configuration that no other test has. */
async function docker({ folder, env }: Scene) {
  env.DOCKER_CONFIG = join(folder, 'docker')
  await mkdir(env.DOCKER_CONFIG)
  const start = (...args: string[]) => launch(args, { cwd: folder, env, program: ['docker'] })
  return { start, run: (...args: string[]) => start(...args).done, plugins: join(env.DOCKER_CONFIG, 'cli-plugins') }
}

check('docker runs flotilla under each of its names, and no longer once it is uninstalled', async (scene) => {
  const { run } = await docker(scene)
  await scene.stack(STACK)
  for (const name of ['flotilla', 'compose']) {
    succeeded(await scene.run('plugin', 'install', name))
    succeeded(await run(name, 'up', '-d'))
    assert.equal(Object.keys(await scene.containers()), ['a-1'])
    assert.match((await run(name, 'ps')).stdout, /a-1/)
    assert.is((await run(name, 'ps', 'nosuch')).code, 1)
    assert.is((await run('help', name)).stdout, (await run(name, '--help')).stdout)
    succeeded(await run(name, 'down'))
    succeeded(await scene.run('plugin', 'uninstall', name))
    assert.is.not((await run(name, 'config', '-q')).code, 0)
  }
})

check("docker's flags count, in front of the plugin's name", async (scene) => {
  const { run } = await docker(scene)
  succeeded(await scene.run('plugin', 'install'))
  await scene.stack(STACK)
  const ran = await run('-H', 'unix:///nowhere.sock', 'flotilla', 'ps')
  assert.is(ran.code, 1)
  assert.match(ran.stderr, /nowhere\.sock/)
})

check('under the name compose a client finds the version of Compose, as docker compose prints it', async (scene) => {
  const { run } = await docker(scene)
  succeeded(await scene.run('plugin', 'install', 'compose'))
  const [short, json, text] = await Promise.all([
    run('compose', 'version', '--short'),
    run('compose', 'version', '--format', 'json'),
    run('compose', 'version'),
  ])
  assert.match(short.stdout, /^5\.\d+\.\d+\S*\n$/)
  assert.is(`${JSON.parse(json.stdout).version}\n`, short.stdout)
  assert.is(text.stdout, `Docker Compose version ${short.stdout}`)
  const listed = JSON.parse((await run('info', '--format', '{{json .ClientInfo.Plugins}}')).stdout)
  assert.is(`${listed.find((each: { Name: string }) => each.Name === 'compose').Version}\n`, short.stdout)
})

check("another program's plugin is left alone, unless the user says otherwise", async (scene) => {
  const { plugins } = await docker(scene)
  const file = join(plugins, 'docker-compose')
  await mkdir(plugins)
  await writeFile(file, '#!/bin/sh\nexit 7\n', { mode: 0o755 })
  for (const action of ['install', 'uninstall']) assert.is((await scene.run('plugin', action, 'compose')).code, 1)
  assert.is(await readFile(file, 'utf8'), '#!/bin/sh\nexit 7\n')
  succeeded(await scene.run('plugin', 'install', 'compose', '--force', '--dry-run'))
  assert.is(await readFile(file, 'utf8'), '#!/bin/sh\nexit 7\n')
  succeeded(await scene.run('plugin', 'install', 'compose', '--force'))
  assert.is((await stat(file)).mode & 0o777, 0o755)
  succeeded(await scene.run('plugin', 'install', 'compose'))
  succeeded(await scene.run('plugin', 'uninstall', 'compose'))
  succeeded(await scene.run('plugin', 'uninstall', 'compose'))
})

/** Before version 25 docker's command line passed plugins nothing (docker/cli, pull request 4599). */
const signals = Number(/version (\d+)/.exec(client ?? '')?.[1]) >= 25 ? check : (name: string) => test.skip(name)

signals('a docker that is interrupted ends its plugin, which stops what it started', async (scene) => {
  const { start } = await docker(scene)
  succeeded(await scene.run('plugin', 'install', 'compose'))
  await scene.stack(STACK)
  const up = start('compose', 'up')
  await up.until(({ stderr }) => /a-1 +started/i.test(stderr))
  up.kill('SIGINT')
  assert.is((await up.done).code, 130)
  assert.is((await scene.container('a-1')).state, 'exited')
})

test.run()
