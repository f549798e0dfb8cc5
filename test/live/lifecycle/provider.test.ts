import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { compose, composePlugin } from '../compose.ts'
import { type Scene, STAYS, scenes } from '../scene.ts'

/** Services that a program provides: one written here, which notes how it is called. */
const live = await scenes()
const FAST = { ...STAYS, stop_grace_period: '1s' }

/** Reports where its resource is; what it says comes from a file, so that it can change. */
const PROGRAM = `#!/bin/sh
here=$(dirname "$0")
[ "$2" = metadata ] && { cat "$here/metadata" 2>/dev/null; exit; }
echo "$@" >> "$here/calls"
case " $* " in
*" up "*)
  echo '{"type":"info","message":"making it"}'
  echo '{"type":"debug","message":"details"}'
  echo '{"type":"setenv","message":"URL='$(cat "$here/url")'"}'
  echo '{"type":"rawsetenv","message":"RAW=as-it-is"}'
  [ -e "$here/broken" ] && echo '{"type":"error","message":"the cloud is gone"}' && exit 1
esac
exit 0
`

async function withProgram(scene: Scene): Promise<void> {
  await scene.write('bin/flotilla-test-cloud', PROGRAM)
  await chmod(join(scene.folder, 'bin/flotilla-test-cloud'), 0o755)
  await scene.write('bin/url', 'http://one')
  scene.env.PATH = `${join(scene.folder, 'bin')}:${process.env.PATH}`
  await scene.stack({
    services: {
      database: { provider: { type: 'flotilla-test-cloud', options: { type: 'mysql', size: 10, zone: ['a', 'b'] } } },
      web: { ...FAST, depends_on: ['database'] },
      other: FAST,
    },
  })
}

live('a provider runs and reports to its dependents; only a changed report recreates them', async (scene) => {
  await withProgram(scene)
  const { code, stderr } = await scene.run('up', '-d')
  assert.is(code, 0, stderr)
  const first = await scene.container('web-1')
  assert.ok(first.spec.Env?.includes('DATABASE_URL=http://one') && first.spec.Env.includes('RAW=as-it-is'))
  assert.not((await scene.container('other-1')).spec.Env?.some((each) => each.startsWith('DATABASE_')))
  assert.is(
    (await readCalls(scene)).join('; '),
    `compose --project-name=${scene.project} up --size=10 --type=mysql --zone=a --zone=b database`,
  )

  assert.is((await scene.run('up', '-d')).code, 0)
  assert.is((await scene.container('web-1')).id, first.id, 'the same report: left alone')

  await scene.write('bin/url', 'http://two')
  assert.is((await scene.run('up', '-d')).code, 0)
  const second = await scene.container('web-1')
  assert.is.not(second.id, first.id)
  assert.ok(second.spec.Env?.includes('DATABASE_URL=http://two'))

  assert.is((await scene.run('down')).code, 0)
  assert.match((await readCalls(scene)).at(-1) ?? '', / down .*database$/)
})

const readCalls = async (scene: Scene) => (await readFile(join(scene.folder, 'bin/calls'), 'utf8')).trim().split('\n')

live('a provider gets the options that its metadata names, and must get those that it requires', async (scene) => {
  await withProgram(scene)
  const parameters = [{ name: 'size', required: true }]
  await scene.write(
    'bin/metadata',
    JSON.stringify({ description: 'a cloud', up: { parameters }, down: { parameters: [] } }),
  )
  assert.is((await scene.run('up', '-d', 'database')).code, 0)
  assert.match((await readCalls(scene)).at(-1) ?? '', /up --size=10 database$/)
  await scene.write('bin/metadata', JSON.stringify({ up: { parameters: [{ name: 'region', required: true }] } }))
  const { code, stderr } = await scene.run('up', '-d', 'database')
  assert.is(code, 1)
  assert.match(stderr, /needs the option "region"/)
})

live(
  'a provider that fails, or is not there, fails its service and keeps its dependents from starting',
  async (scene) => {
    await withProgram(scene)
    await scene.write('bin/broken', '')
    const { code, stderr } = await scene.run('up', '-d')
    assert.is(code, 1)
    assert.match(stderr, /its provider "flotilla-test-cloud" failed: the cloud is gone/)
    assert.equal(Object.keys(await scene.containers()), ['other-1'])
    await scene.stack({ services: { database: { provider: { type: 'flotilla-test-nothing' } } } })
    const missing = await scene.run('up', '-d')
    assert.is(missing.code, 1)
    assert.match(missing.stderr, /neither a Docker plugin .* nor a program in the PATH/)
  },
)

live('docker compose calls the same program in the same way, with the same report', async (scene) => {
  const plugin = await composePlugin()
  if ('skip' in plugin) return console.log(`skipped: ${plugin.skip}`)
  await withProgram(scene)
  const reported = async () =>
    ((await scene.container('web-1')).spec.Env ?? []).filter((each) => /^DATABASE_|^RAW/.test(each)).sort()
  await scene.run('up', '-d')
  await scene.run('down', '-t', '0')
  const ours = (await readCalls(scene)).map((call) => call.split(' ').sort())
  await scene.write('bin/calls', '')
  // Version 2.40 does not know rawsetenv yet.
  await scene.write('bin/flotilla-test-cloud', PROGRAM.replace(/.*rawsetenv.*\n/, ''))
  const { folder: cwd, env } = scene
  await compose(plugin.words, ['up', '-d'], { cwd, env })
  const theirs = await reported()
  await compose(plugin.words, ['down', '-t', '0'], { cwd, env })
  assert.equal(
    (await readCalls(scene)).map((call) => call.split(' ').sort()),
    ours,
  )
  assert.equal(theirs, ['DATABASE_URL=http://one'])
})

live('a model without the plugin that serves it is refused, naming both', async (scene) => {
  await scene.stack({ services: { web: { ...FAST, models: ['llm'] } }, models: { llm: { model: 'ai/small' } } })
  scene.env.DOCKER_CONFIG = join(scene.folder, 'no-plugins')
  const { code, stderr } = await scene.run('up', '-d')
  assert.is(code, 1)
  assert.match(stderr, /web uses the model "ai\/small".*docker-model/)
})

/** Speaks as the plugin does: lists, pulls, configures, and says where it serves. */
const MODEL_PLUGIN = `#!/bin/sh
echo "$@" >> "$(dirname "$0")/asked"
case "$1" in
ls) echo '[{"tags":["ai/other"]}]' ;;
status) echo '{"endpoint":"http://models.internal/v1"}' ;;
docker-cli-plugin-metadata) echo '{"SchemaVersion":"0.1.0","Vendor":"test"}' ;;
esac
`

live('a model is got by the plugin, and its service gets its address', async (scene) => {
  await scene.write('config/cli-plugins/docker-model', MODEL_PLUGIN)
  await chmod(join(scene.folder, 'config/cli-plugins/docker-model'), 0o755)
  scene.env.DOCKER_CONFIG = join(scene.folder, 'config')
  const models = { 'my-llm': { endpoint_var: 'WHERE' }, second: null }
  await scene.stack({
    services: { web: { ...FAST, models } },
    models: {
      'my-llm': { model: 'ai/small', context_size: 1024, runtime_flags: ['--fast'] },
      second: { model: 'ai/other' },
    },
  })
  const { code, stderr } = await scene.run('up', '-d')
  assert.is(code, 0, stderr)
  const env = (await scene.container('web-1')).spec.Env ?? []
  for (const each of [
    'WHERE=http://models.internal/v1',
    'MY_LLM_MODEL=ai/small',
    'SECOND_MODEL=ai/other',
    'SECOND_URL=http://models.internal/v1',
  ])
    assert.ok(env.includes(each), `${each} in ${env.join(' ')}`)
  const asked = await readFile(join(scene.folder, 'config/cli-plugins/asked'), 'utf8')
  assert.match(asked, /^pull ai\/small$/m)
  assert.not.match(asked, /^pull ai\/other$/m)
  assert.match(asked, /^configure --context-size 1024 ai\/small -- --fast$/m)
})

test.run()
