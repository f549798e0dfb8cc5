import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { eventsOf, flotilla, startedSteps, succeeded } from '../../support/cli.ts'
import { type Scene, STAYS, scenes } from '../scene.ts'

const check = await scenes()

const STACK = {
  services: {
    db: { ...STAYS, volumes: ['data:/data', '/anonymous'] },
    web: { ...STAYS, depends_on: ['db'], networks: ['default', 'back'] },
  },
  networks: { back: null },
  volumes: { data: null },
}

/** What there is of a project, by name. */
async function whatIs({ engine, project, containers }: Scene): Promise<Record<string, string[]>> {
  const filter = { labels: [`com.docker.compose.project=${project}`] }
  const [networks, volumes] = [await engine.listNetworks(filter), await engine.listVolumes(filter)]
  const short = ({ name }: { name: string }) => name.slice(project.length + 1)
  return {
    containers: Object.keys(await containers()).sort(),
    networks: networks.map(short).sort(),
    volumes: volumes.map(short).sort(),
  }
}

const NOTHING = { containers: [], networks: [], volumes: [] }

check('down keeps volumes, and up finds their content again; down -v deletes them', async (scene) => {
  const { stack, run, inside, container, engine } = scene
  await stack(STACK)
  succeeded(await run('up', '-d'))
  await inside('db-1', 'sh', '-c', 'echo kept > /data/file')
  succeeded(await run('down'))
  assert.equal(await whatIs(scene), { ...NOTHING, volumes: ['data'] })
  succeeded(await run('up', '-d'))
  assert.is(await inside('db-1', 'cat', '/data/file'), 'kept')
  const { name = '' } = (await container('db-1')).mounts.find(({ target }) => target === '/anonymous') ?? {}
  succeeded(await run('down', '-v'))
  assert.equal(await whatIs(scene), NOTHING)
  assert.is(await engine.inspectVolume(name), undefined)
  assert.equal(startedSteps(succeeded(await run('--progress', 'json', 'down', '-v'))), [])
})

check('containers go in the reverse order of need', async ({ stack, run }) => {
  await stack(STACK)
  succeeded(await run('up', '-d'))
  const steps = eventsOf(succeeded(await run('--progress', 'json', 'down')))
  const position = (type: string, pattern: RegExp) =>
    steps.findIndex((event) => event.type === type && 'step' in event && pattern.test(event.step))
  assert.ok(position('step-done', /^stop:container\/web\/1/) < position('step-start', /^stop:container\/db\/1/))
  assert.ok(position('step-done', /^remove:container\/db\/1/) < position('step-start', /^remove:network\/default/))
})

check('orphans stay without --remove-orphans', async (scene) => {
  const { stack, run } = scene
  await stack({ services: { old: STAYS, web: STAYS } })
  succeeded(await run('up', '-d'))
  await stack({ services: { web: STAYS } })
  succeeded(await run('up', '-d'))
  assert.equal((await whatIs(scene)).containers, ['old-1', 'web-1'])
  succeeded(await run('down'))
  assert.equal(await whatIs(scene), { ...NOTHING, containers: ['old-1'], networks: ['default'] })
  succeeded(await run('up', '-d', '--remove-orphans'))
  assert.equal((await whatIs(scene)).containers, ['web-1'])
  await stack({ services: { other: STAYS } })
  succeeded(await run('down', '--remove-orphans'))
  assert.equal(await whatIs(scene), NOTHING)
})

check('with -p and no stack file everything of the project goes, but no volume without -v', async (scene) => {
  const { stack, run, project } = scene
  await stack(STACK)
  succeeded(await run('up', '-d'))
  const blind = (...args: string[]) => flotilla(args, { cwd: tmpdir(), env: { COMPOSE_PROJECT_NAME: '' } })
  assert.is((await blind('down')).code, 1, 'without a name there is nothing to take down')
  succeeded(await blind('-p', project, 'down'))
  assert.equal(await whatIs(scene), { ...NOTHING, volumes: ['data'] })
  succeeded(await blind('-p', project, 'down', '-v'))
  assert.equal(await whatIs(scene), NOTHING)
})

check('named services alone', async (scene) => {
  const { stack, run } = scene
  await stack(STACK)
  succeeded(await run('up', '-d'))
  succeeded(await run('down', 'web'))
  assert.equal(await whatIs(scene), { containers: ['db-1'], networks: ['back', 'default'], volumes: ['data'] })
  succeeded(await run('up', '-d'))
  assert.equal((await whatIs(scene)).containers, ['db-1', 'web-1'])
})

check('external networks and volumes are used and never touched', async (scene) => {
  const { stack, run, container, engine, project } = scene
  const name = `flotilla-test-external-${randomBytes(4).toString('hex')}`
  const { id } = await engine.createNetwork({ Name: name })
  await engine.createVolume({ Name: name })
  try {
    await stack({
      services: { app: { ...STAYS, networks: ['outside', 'default'], volumes: ['theirs:/theirs'] } },
      networks: { outside: { external: true, name } },
      volumes: { theirs: { external: true, name } },
    })
    succeeded(await run('up', '-d'))
    const app = await container('app-1')
    assert.equal(Object.keys(app.networks).sort(), [name, `${project}_default`].sort())
    assert.is(app.mounts[0]?.name, name)
    succeeded(await run('down', '-v'))
    assert.equal(await whatIs(scene), NOTHING)
    assert.is((await engine.inspectNetwork(id))?.name, name)
    assert.is((await engine.inspectVolume(name))?.name, name)
  } finally {
    await run('down')
    await engine.removeNetwork(id)
    await engine.removeVolume(name)
  }
})

check('an external network or volume that is not there is a problem, and nothing is touched', async (scene) => {
  const { stack, run } = scene
  await stack({
    services: { app: { ...STAYS, networks: ['outside'], volumes: ['theirs:/theirs'] }, other: STAYS },
    networks: { outside: { external: true, name: `${scene.project}-absent` } },
    volumes: { theirs: { external: true, name: `${scene.project}-absent` } },
  })
  assert.is((await run('up', '-d')).code, 1)
  assert.equal(await whatIs(scene), NOTHING)
})

check('a stopped container, and one that ignores its signal, go too', async (scene) => {
  const { stack, run, engine, container } = scene
  await stack({
    services: {
      stopped: STAYS,
      deaf: { ...STAYS, init: false, command: ['sleep', '1000'], stop_grace_period: '1s' },
      restarting: { ...STAYS, command: ['false'], restart: 'always' },
    },
  })
  succeeded(await run('up', '-d'))
  await engine.stopContainer((await container('stopped-1')).id, { grace: 1 })
  succeeded(await run('down'))
  assert.equal(await whatIs(scene), NOTHING)
})

test.run()
