import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ContainerDetail } from '../../../src/docker/port.ts'
import { freePorts, startedSteps, succeeded } from '../../support/cli.ts'
import { DECLARING_IMAGE, ensureDeclaringImage } from '../../support/scratch-image.ts'
import { compose, composePlugin } from '../compose.ts'
import { type Scene, STAYS, scenes, shell } from '../scene.ts'

const plugin = await composePlugin()
if ('skip' in plugin) console.log(`skipped: ${plugin.skip}`)
const withEngine = await scenes()
const check: typeof withEngine = 'skip' in plugin ? (name) => test.skip(name) : withEngine

/** The other tool, in the scene's folder. */
async function other({ folder, env }: Scene, ...args: string[]): Promise<string> {
  return compose('words' in plugin ? plugin.words : [], args, { cwd: folder, env })
}

async function stackIn({ stack, write, engine }: Scene): Promise<void> {
  const [port = 0] = await freePorts(1)
  await ensureDeclaringImage(engine)
  await write('app.env', 'FROM_FILE=yes\n')
  await write('secret.txt', 'a secret')
  await write('site/index.html', 'hello')
  await stack({
    services: {
      db: {
        ...STAYS,
        image: DECLARING_IMAGE,
        volumes: ['data:/named'],
        networks: { back: { aliases: ['database'] } },
        healthcheck: { test: ['CMD', 'true'], interval: '500ms', timeout: '3s', retries: 5, start_period: '1s' },
        restart: 'unless-stopped',
        secrets: ['file'],
        labels: { team: 'blue' },
        ports: [`127.0.0.1:${port}:5432`],
      },
      job: { ...shell('exit 0'), networks: ['back'] },
      web: {
        ...STAYS,
        environment: { B: '2', A: '1', EMPTY: '' },
        env_file: ['app.env'],
        ports: ['127.0.0.1::80'],
        networks: { front: { aliases: ['www'] }, back: null },
        volumes: ['./site:/site:ro', { type: 'tmpfs', target: '/scratch' }, '/own'],
        depends_on: {
          db: { condition: 'service_healthy' },
          job: { condition: 'service_completed_successfully' },
        },
        scale: 2,
        user: '65534',
        working_dir: '/tmp',
        cap_drop: ['NET_RAW'],
        ulimits: { nofile: { soft: 1000, hard: 2000 } },
        extra_hosts: ['far:10.0.0.1'],
        mem_limit: '64m',
        stop_grace_period: '2s',
        read_only: true,
        logging: { driver: 'json-file', options: { 'max-size': '1m' } },
        hostname: 'somewhere',
        domainname: 'example.org',
        shm_size: '8m',
        ipc: 'shareable',
        oom_score_adj: 100,
        expose: ['7001-7002'],
        links: ['db:database'],
      },
    },
    networks: { front: null, back: null },
    volumes: { data: null },
    secrets: { file: { file: './secret.txt' } },
  })
}

interface State {
  ids: Record<string, string>
  volumes: string[]
  networks: string[]
}

async function stateOf({ engine, project, containers }: Scene): Promise<State> {
  const filter = { labels: [`com.docker.compose.project=${project}`] }
  const [networks, volumes] = [await engine.listNetworks(filter), await engine.listVolumes(filter)]
  const all = await containers()
  return {
    ids: Object.fromEntries(Object.entries(all).map(([name, { id }]) => [name, id])),
    networks: networks.map(({ id }) => id).sort(),
    volumes: [...volumes.map(({ name }) => name), ...namedVolumes(Object.values(all))].sort(),
  }
}

function namedVolumes(all: ContainerDetail[]): string[] {
  return all.flatMap(({ mounts }) => mounts.flatMap(({ name }) => name ?? []))
}

const NAMES = ['db-1', 'job-1', 'web-1', 'web-2']

async function assertRuns({ containers }: Scene): Promise<void> {
  const all = await containers()
  assert.equal(Object.keys(all).sort(), NAMES)
  const states = NAMES.map((name) => all[name]?.state)
  assert.equal(states, ['running', 'exited', 'running', 'running'])
  for (const { labels } of Object.values(all)) assert.is(labels['com.docker.compose.oneoff'], 'False')
}

check(
  'a project of docker compose is taken over: volumes and networks kept, no copies, then nothing to do',
  async (scene) => {
    const { run, inside } = scene
    await stackIn(scene)
    await other(scene, 'up', '-d')
    await assertRuns(scene)
    await inside('db-1', 'sh', '-c', 'echo kept > /named/file; echo own > /data/file')
    const before = await stateOf(scene)
    const planned = await run('plan', '--format', 'json')
    succeeded(await run('up', '-d'))
    await assertRuns(scene)
    const after = await stateOf(scene)
    assert.equal(after.networks, before.networks)
    assert.equal(after.volumes, before.volumes)
    assert.is(await inside('db-1', 'cat', '/named/file', '/data/file'), 'kept\nown')
    assert.equal(after.ids, before.ids, `nothing differs, so nothing is recreated: ${planned.stdout}`)
    assert.equal(startedSteps(succeeded(await run('--progress', 'json', 'up', '-d'))), [])
  },
)

check('and what differs is recreated, once', async (scene) => {
  const { run, container } = scene
  await scene.stack({ services: { a: { ...STAYS, environment: { REV: '1' } }, b: STAYS } })
  await other(scene, 'up', '-d')
  const before = await stateOf(scene)
  await scene.stack({ services: { a: { ...STAYS, environment: { REV: '2' } }, b: STAYS } })
  succeeded(await run('up', '-d'))
  const after = await stateOf(scene)
  assert.equal(Object.keys(after.ids).sort(), ['a-1', 'b-1'])
  assert.not.equal(after.ids['a-1'], before.ids['a-1'])
  assert.is(after.ids['b-1'], before.ids['b-1'])
  assert.ok((await container('a-1')).spec.Env?.includes('REV=2'))
  assert.equal(startedSteps(succeeded(await run('--progress', 'json', 'up', '-d'))), [])
})

check('docker compose takes over what flotilla started', async (scene) => {
  const { run, inside } = scene
  await stackIn(scene)
  succeeded(await run('up', '-d'))
  await assertRuns(scene)
  await inside('db-1', 'sh', '-c', 'echo kept > /named/file; echo own > /data/file')
  const before = await stateOf(scene)
  await other(scene, 'up', '-d')
  await assertRuns(scene)
  const after = await stateOf(scene)
  assert.equal(after.networks, before.networks)
  assert.equal(after.volumes, before.volumes)
  assert.is(await inside('db-1', 'cat', '/named/file', '/data/file'), 'kept\nown')
  await other(scene, 'up', '-d')
  const again = await stateOf(scene)
  const running = ({ ids }: State) => Object.entries(ids).filter(([name]) => name !== 'job-1')
  assert.equal(running(again), running(after))
})

check('either tool takes down what the other brought up', async (scene) => {
  const { run, engine, project } = scene
  await scene.stack({ services: { a: { ...STAYS, volumes: ['data:/data'] }, b: STAYS }, volumes: { data: null } })
  const left = async () => {
    const { ids, networks, volumes } = await stateOf(scene)
    return [Object.keys(ids), networks, volumes]
  }
  succeeded(await run('up', '-d'))
  await other(scene, 'down')
  assert.equal(await left(), [[], [], [`${project}_data`]])
  await other(scene, 'up', '-d')
  succeeded(await run('down', '-v'))
  assert.equal(await left(), [[], [], []])
  succeeded(await run('up', '-d'))
  await other(scene, 'down', '-v')
  assert.equal(await left(), [[], [], []])
  assert.is(await engine.inspectVolume(`${project}_data`), undefined)
})

test.run()
