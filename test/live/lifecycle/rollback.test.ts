import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { failedSteps, freePorts, succeeded } from '../../support/cli.ts'
import { nothingToChange, STAYS, scenes, shell } from '../scene.ts'

const check = await scenes()

const UP = ['--progress', 'json', 'up', '-d']
const HEALTH = { test: ['CMD', 'test', '-f', '/ready'], interval: '200ms', timeout: '2s', retries: 3 }
const SICK = { ...STAYS, healthcheck: HEALTH }
const WELL = { ...shell('touch /ready; exec sleep 1000'), healthcheck: HEALTH }

check('a new container that cannot start gives way to the old one', async (scene) => {
  const { stack, run, containers, container } = scene
  const old = { ...STAYS, restart: 'unless-stopped', volumes: ['data:/data', '/own'] }
  const declare = (web: object) => stack({ services: { web, sibling: STAYS }, volumes: { data: null } })
  await declare(old)
  succeeded(await run(...UP))
  const before = await container('web-1')
  await declare({ ...old, init: false, command: ['no-such-program'] })
  const ran = await run(...UP)
  assert.is(ran.code, 1)
  assert.equal(
    failedSteps(ran).map(({ problem }) => problem.code),
    ['start-failed'],
  )
  assert.equal(Object.keys(await containers()).sort(), ['sibling-1', 'web-1'])
  const after = await container('web-1')
  assert.equal([after.id, after.state], [before.id, 'running'])
  assert.is(after.spec.HostConfig.RestartPolicy?.Name, 'unless-stopped')
  assert.equal(after.mounts.map(({ name }) => name).sort(), before.mounts.map(({ name }) => name).sort())
  await declare({ ...old, environment: { REV: '3' } })
  succeeded(await run(...UP))
  assert.equal(
    (await container('web-1')).mounts.map(({ name }) => name).sort(),
    before.mounts.map(({ name }) => name).sort(),
  )
  await nothingToChange(run)
})

check('one that does not become healthy while others wait, too; what waits is left as it was', async (scene) => {
  const { stack, run, containers, container } = scene
  const declare = (db: object, rev: string) =>
    stack({
      services: {
        db: { ...db, restart: 'always', environment: { REV: rev } },
        web: { ...STAYS, environment: { REV: rev }, depends_on: { db: { condition: 'service_healthy' } } },
        sibling: { ...STAYS, environment: { REV: rev } },
      },
    })
  await declare(WELL, '1')
  succeeded(await run(...UP))
  const before = await containers()
  await declare(SICK, '2')
  const ran = await run(...UP)
  assert.is(ran.code, 1)
  assert.equal(
    failedSteps(ran).map(({ problem }) => problem.code),
    ['container-unhealthy'],
  )
  const [db, web] = [await container('db-1'), await container('web-1')]
  assert.equal([db.id, db.state], [before['db-1']?.id, 'running'])
  assert.is(db.spec.HostConfig.RestartPolicy?.Name, 'always')
  assert.equal([web.id, web.state], [before['web-1']?.id, 'running'])
  assert.ok((await container('sibling-1')).spec.Env?.includes('REV=2'), 'the sibling is what it is declared to be')
  await declare(WELL, '3')
  succeeded(await run(...UP))
  assert.equal(Object.keys(await containers()).sort(), ['db-1', 'sibling-1', 'web-1'])
  await nothingToChange(run)
})

check('one whose port is taken, too', async (scene) => {
  const { stack, run, container } = scene
  const [mine = 0, taken = 0] = await freePorts(2)
  const holder = { ...STAYS, ports: [`127.0.0.1:${taken}:80`] }
  const declare = (port: number) => stack({ services: { web: { ...STAYS, ports: [`127.0.0.1:${port}:80`] } } })
  await stack({ services: { holder, web: { ...STAYS, ports: [`127.0.0.1:${mine}:80`] } } })
  succeeded(await run(...UP))
  const before = await container('web-1')
  await declare(taken)
  const ran = await run(...UP)
  assert.equal(
    failedSteps(ran).map(({ problem }) => problem.code),
    ['port-in-use'],
  )
  const after = await container('web-1')
  assert.equal([after.id, after.state], [before.id, 'running'])
  assert.equal(after.spec.HostConfig.PortBindings, { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: `${mine}` }] })
})

check('several replicas: those that cannot be replaced stay', async (scene) => {
  const { stack, run, containers } = scene
  const declare = (web: object) => stack({ services: { web: { ...STAYS, scale: 3, ...web } } })
  await declare({})
  succeeded(await run(...UP))
  const before = await containers()
  await declare({ init: false, command: ['no-such-program'] })
  assert.is((await run(...UP)).code, 1)
  const after = await containers()
  assert.equal(Object.keys(after).sort(), ['web-1', 'web-2', 'web-3'])
  for (const [name, { id, state }] of Object.entries(after)) assert.equal([id, state], [before[name]?.id, 'running'])
})

check('a stopped old container stays stopped', async (scene) => {
  const { stack, run, containers, container, engine } = scene
  await stack({ services: { web: STAYS } })
  succeeded(await run(...UP))
  const before = await container('web-1')
  await engine.stopContainer(before.id, { grace: 1 })
  await stack({ services: { web: { ...STAYS, init: false, command: ['no-such-program'] } } })
  assert.is((await run(...UP)).code, 1)
  assert.equal(
    Object.values(await containers()).map(({ id, state }) => `${id} ${state}`),
    [`${before.id} exited`],
  )
})

check('Ctrl-C in the middle of a recreate: the next up finishes it', async (scene) => {
  const { stack, run, launch, containers, container } = scene
  const slow = { ...shell('trap "sleep 1; exit 0" TERM; sleep 1000 & wait'), init: false, restart: 'always' }
  await stack({ services: { web: slow } })
  succeeded(await run(...UP))
  await stack({ services: { web: { ...slow, environment: { REV: '2' } } } })
  const running = launch(...UP)
  await running.until(({ stderr }) => stderr.includes('"step-start","step":"stop:container/web/1"'))
  running.kill('SIGINT')
  assert.is((await running.done).code, 130)
  succeeded(await run(...UP))
  assert.equal(Object.keys(await containers()), ['web-1'])
  const { state, spec } = await container('web-1')
  assert.equal([state, spec.HostConfig.RestartPolicy?.Name], ['running', 'always'])
  assert.ok(spec.Env?.includes('REV=2'))
  await nothingToChange(run)
})

test.run()
