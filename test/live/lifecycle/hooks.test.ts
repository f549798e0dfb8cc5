import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { SCRATCH_IMAGE } from '../../support/scratch-image.ts'
import { compose, composePlugin } from '../compose.ts'
import { type Scene, STAYS, scenes, shell } from '../scene.ts'

/** Commands around starts and stops, and restarts that are passed on, on a real engine. */
const live = await scenes()
const FAST = { ...STAYS, stop_grace_period: '1s' }

live('hooks run as they are declared, and what they did is there', async (scene) => {
  const environment = { GREETING: 'hello' }
  await scene.stack({
    services: {
      db: {
        ...FAST,
        volumes: ['data:/data', 'log:/log'],
        tmpfs: ['/scratch:mode=1777'],
        pre_start: [
          { command: ['sh', '-c', 'echo prepared > /data/prepared; echo $$GREETING > /data/greeting'], environment },
        ],
        post_start: [
          {
            command: 'sh -c "id -un > /scratch/who; pwd > /scratch/where; echo $$GREETING > /scratch/greeting"',
            user: 'nobody',
            working_dir: '/scratch',
            environment,
          },
        ],
        pre_stop: [{ command: ['sh', '-c', 'echo bye >> /log/bye'] }],
      },
    },
    volumes: { data: {}, log: {} },
  })
  assert.is((await scene.run('up', '-d')).code, 0)
  assert.is(
    await scene.inside('db-1', 'cat', '/scratch/who', '/scratch/where', '/scratch/greeting'),
    'nobody\n/scratch\nhello',
  )
  assert.is(await scene.inside('db-1', 'cat', '/data/prepared', '/data/greeting'), 'prepared\nhello')
  assert.equal(Object.keys(await scene.containers()), ['db-1'])
  await scene.run('down')
  await scene.run('up', '-d')
  assert.is(await scene.inside('db-1', 'cat', '/log/bye'), 'bye')
  await scene.run('down', '-t', '0', '-v')
})

live('a failed hook shows its command, exit code and output; secrets do not show', async (scene) => {
  const environment = { MY_PASSWORD: 'very-secret-word' }
  const post_start = [{ command: ['sh', '-c', 'echo "cannot with $$MY_PASSWORD"; exit 4'], environment }]
  await scene.stack({ services: { db: { ...FAST, post_start }, web: { ...FAST, depends_on: ['db'] } } })
  const { code, stderr } = await scene.run('up', '-d')
  assert.is(code, 1)
  assert.match(stderr, /post_start hook .* ended with exit code 4/)
  assert.match(stderr, /cannot with/)
  assert.not.match(stderr, /very-secret-word/)
  assert.is((await scene.container('web-1')).state, 'created')
  await scene.stack({
    services: {
      db: { ...FAST, post_start: [{ command: ['touch', '/mended'] }] },
      web: { ...FAST, depends_on: ['db'] },
    },
  })
  assert.is((await scene.run('up', '-d')).code, 0)
  assert.is(await scene.inside('db-1', 'ls', '/mended'), '/mended')
  assert.is((await scene.container('web-1')).state, 'running')
})

live('a pre_start hook that fails keeps the service from starting, and leaves nothing', async (scene) => {
  await scene.stack({ services: { db: { ...FAST, pre_start: [{ command: ['sh', '-c', 'echo no schema; exit 3'] }] } } })
  const { code, stderr } = await scene.run('up', '-d')
  assert.is(code, 1)
  assert.match(stderr, /hook pre_start\[0\] .* ended with exit code 3/)
  assert.match(stderr, /no schema/)
  assert.equal(
    Object.entries(await scene.containers()).map(([name, { state }]) => [name, state]),
    [['db-1', 'created']],
  )
})

live('pre_start runs once for a service, not for a container more, and again when it changed', async (scene) => {
  const declare = (rev: string) => {
    const pre_start = [
      { command: ['sh', '-c', `echo ${rev} >> /shared/log`] },
      { command: ['sh', '-c', 'echo then >> /shared/log'] },
    ]
    return scene.stack({
      services: { db: { ...FAST, scale: 2, volumes: ['data:/shared'], pre_start } },
      volumes: { data: {} },
    })
  }
  const log = async () => (await scene.inside('db-2', 'cat', '/shared/log')).split('\n')
  await declare('one')
  assert.is((await scene.run('create')).code, 0)
  assert.is((await scene.run('start')).code, 0)
  assert.equal(await log(), ['one', 'then'])
  assert.is((await scene.run('up', '-d')).code, 0)
  assert.is((await scene.run('up', '-d', '--scale', 'db=3')).code, 0)
  assert.equal(await log(), ['one', 'then'])
  const before = await scene.container('db-1')
  await declare('two')
  assert.is((await scene.run('up', '-d')).code, 0)
  assert.equal(await log(), ['one', 'then', 'two', 'then'])
  assert.is.not((await scene.container('db-1')).id, before.id)
})

/** Each container's start, noted by itself in a volume that outlives it. */
function noting(name: string, more: object = {}) {
  return {
    ...shell(`echo ${name} >> /notes/starts; exec sleep 1000`),
    image: SCRATCH_IMAGE,
    stop_grace_period: '1s',
    volumes: ['notes:/notes'],
    ...more,
  }
}

function followers(rev: string) {
  const on = (of: string, restart: boolean) => ({ depends_on: { [of]: { condition: 'service_started', restart } } })
  return {
    services: {
      db: noting('db', { environment: { REV: rev } }),
      api: noting('api', on('db', true)),
      other: noting('other', on('db', false)),
      notes: { ...STAYS, stop_grace_period: '1s', volumes: ['notes:/notes'] },
    },
    volumes: { notes: {} },
  }
}

/** Who was started by the second `up`, in order. */
async function startsOf(scene: Scene, up: () => Promise<unknown>): Promise<string[]> {
  await scene.stack(followers('1'))
  await up()
  const before = (await scene.inside('notes-1', 'cat', '/notes/starts')).split('\n').length
  await scene.stack(followers('2'))
  await up()
  return (await scene.inside('notes-1', 'cat', '/notes/starts')).split('\n').slice(before)
}

live('what depends on a recreated service is restarted after it, as docker compose does', async (scene) => {
  const ours = await startsOf(scene, () => scene.run('up', '-d'))
  assert.equal(ours, ['db', 'api'])
  await scene.run('down', '-t', '0', '-v')
  const plugin = await composePlugin()
  if ('skip' in plugin) return console.log(`skipped: ${plugin.skip}`)
  const { folder: cwd, env } = scene
  try {
    assert.equal(await startsOf(scene, () => compose(plugin.words, ['up', '-d'], { cwd, env })), ours)
  } finally {
    await compose(plugin.words, ['down', '-t', '0', '-v'], { cwd, env })
  }
})

live('docker compose runs post_start and pre_stop hooks at the same moments', async (scene) => {
  const plugin = await composePlugin()
  if ('skip' in plugin) return console.log(`skipped: ${plugin.skip}`)
  const { folder: cwd, env } = scene
  const note = (what: string) => [{ command: ['sh', '-c', `echo ${what} >> /notes/starts`] }]
  const db = noting('db', { post_start: note('db-started'), pre_stop: note('db-stops') })
  await scene.stack({
    services: {
      db,
      web: noting('web', { depends_on: ['db'] }),
      notes: { ...STAYS, stop_grace_period: '1s', volumes: ['notes:/notes'] },
    },
    volumes: { notes: {} },
  })
  const look = () => scene.inside('notes-1', 'cat', '/notes/starts')
  await scene.run('up', '-d')
  await scene.run('down')
  await scene.run('up', '-d')
  const ours = await look()
  assert.is(ours, 'db\ndb-started\nweb\ndb-stops\ndb\ndb-started\nweb')
  await scene.run('down', '-t', '0', '-v')
  await compose(plugin.words, ['up', '-d'], { cwd, env })
  await compose(plugin.words, ['down'], { cwd, env })
  await compose(plugin.words, ['up', '-d'], { cwd, env })
  const theirs = await look()
  await compose(plugin.words, ['down', '-t', '0', '-v'], { cwd, env })
  assert.is(theirs, ours)
})

test.run()
