import * as assert from 'uvu/assert'
import type { Check, Scope } from '../engine-contract.ts'
import { eventually, hasEnded, listens, never, refused } from './expect.ts'

export function runningContract(check: Check): void {
  check('starting a running container is no error', async ({ engine, create, runs }) => {
    const id = await create('web', runs)
    await engine.startContainer(id)
    const { startedAt } = (await engine.inspectContainer(id)) ?? {}
    await engine.startContainer(id)
    const detail = await engine.inspectContainer(id)
    assert.is(detail?.state, 'running')
    assert.is(detail?.running, true)
    assert.type(startedAt, 'string')
    assert.is(detail?.startedAt, startedAt)
    assert.is(detail?.finishedAt, undefined)
  })

  check('stopping a stopped container is no error', async ({ engine, project, create, getsHealthy }) => {
    const id = await create('web', getsHealthy)
    await engine.stopContainer(id, { grace: 1 })
    assert.is((await engine.inspectContainer(id))?.state, 'created')
    await engine.startContainer(id)
    await listens(engine, id)
    await engine.stopContainer(id, { grace: 10 })
    await engine.stopContainer(id, { grace: 10 })
    const detail = await engine.inspectContainer(id)
    assert.is(detail?.state, 'exited')
    assert.is(detail?.exitCode, 143)
    assert.type(detail?.finishedAt, 'string')
    const [summary] = await engine.listContainers({ names: [`${project}-web`] })
    assert.is(summary?.exitCode, 143)
    assert.is(summary?.state, 'exited')
  })

  check('a container can be started again', async ({ engine, create, runs }) => {
    const id = await create('web', runs)
    await engine.startContainer(id)
    await engine.stopContainer(id, { grace: 10 })
    await engine.startContainer(id)
    const detail = await engine.inspectContainer(id)
    assert.is(detail?.state, 'running')
    assert.is(detail?.exitCode, 0)
  })

  check('killing ends with 137, and only what runs', async ({ engine, create, runs }) => {
    const id = await create('web', runs)
    await refused(409, engine.killContainer(id, 'KILL'))
    await engine.startContainer(id)
    await refused(400, engine.killContainer(id, 'NONSENSE'))
    await engine.killContainer(id, 'KILL')
    assert.is((await hasEnded(engine, id)).exitCode, 137)
  })

  check(
    'a paused container counts as running, is listed as paused, and can continue',
    async ({ engine, project, create, runs }) => {
      const id = await create('web', runs)
      await refused(409, engine.pauseContainer(id))
      await refused(500, engine.unpauseContainer(id))
      await engine.startContainer(id)
      const { startedAt } = (await engine.inspectContainer(id)) ?? {}
      await engine.pauseContainer(id)
      await refused(409, engine.pauseContainer(id))
      const detail = await engine.inspectContainer(id)
      assert.equal([detail?.state, detail?.running], ['paused', true])
      const [summary] = await engine.listContainers({ names: [`${project}-web`] })
      assert.is(summary?.state, 'paused')
      await refused(409, engine.startContainer(id))
      await refused(409, engine.removeContainer(id, { force: false, volumes: false }))
      await engine.unpauseContainer(id)
      await refused(500, engine.unpauseContainer(id))
      const after = await engine.inspectContainer(id)
      assert.equal([after?.state, after?.startedAt], ['running', startedAt])
    },
  )

  check('a paused container can be stopped, and killed', async ({ engine, create, runs }) => {
    const id = await create('web', runs)
    await engine.startContainer(id)
    await engine.pauseContainer(id)
    await engine.stopContainer(id, { grace: 10 })
    assert.is((await engine.inspectContainer(id))?.state, 'exited')
    await engine.startContainer(id)
    await engine.pauseContainer(id)
    await engine.killContainer(id, 'KILL')
    assert.is((await hasEnded(engine, id)).exitCode, 137)
  })

  check('a running container is removed by force only', async ({ engine, create, runs }) => {
    const id = await create('web', runs)
    await engine.startContainer(id)
    await refused(409, engine.removeContainer(id, { force: false, volumes: false }))
    await engine.removeContainer(id, { force: true, volumes: false })
    assert.is(await engine.inspectContainer(id), undefined)
  })

  check('a process that ends leaves its code', async ({ engine, project, create, fails }) => {
    const id = await create('job', fails)
    await engine.startContainer(id)
    assert.is((await hasEnded(engine, id)).exitCode, 3)
    const [summary] = await engine.listContainers({ names: [`${project}-job`] })
    assert.is(summary?.exitCode, 3)
    assert.is(summary?.health, undefined)
  })

  check(
    'a command that is not there: the start fails, the container stays created',
    async ({ engine, create, missing }) => {
      const id = await create('web', missing)
      await refused(400, engine.startContainer(id))
      const detail = await engine.inspectContainer(id)
      assert.is(detail?.state, 'created')
      assert.is(detail?.exitCode, 127)
      assert.ok(detail?.error)
    },
  )

  check('on-failure restarts a limited number of times, and counts them', async ({ engine, create, fails }) => {
    const policy = { Name: 'on-failure', MaximumRetryCount: 2 }
    const id = await create('job', fails, { HostConfig: { RestartPolicy: policy } })
    await engine.startContainer(id)
    const ended = await eventually(engine, async () => {
      const detail = await engine.inspectContainer(id)
      return detail?.state === 'exited' && detail.restartCount === 2 && detail
    })
    assert.is(ended.exitCode, 3)
  })

  check('a container between its end and its restart is not running', async ({ engine, create, fails }) => {
    const id = await create('job', fails, { HostConfig: { RestartPolicy: { Name: 'always', MaximumRetryCount: 0 } } })
    await engine.startContainer(id)
    const waiting = await eventually(engine, async () => {
      const detail = await engine.inspectContainer(id)
      return detail?.state === 'restarting' && detail
    })
    assert.equal([waiting.running, waiting.exitCode], [false, 3])
    await engine.stopContainer(id, {})
  })

  check('a container stopped by hand is not restarted', async ({ engine, create, runs }) => {
    const id = await create('web', runs, { HostConfig: { RestartPolicy: { Name: 'always', MaximumRetryCount: 0 } } })
    await engine.startContainer(id)
    await engine.stopContainer(id, { grace: 10 })
    const detail = await engine.inspectContainer(id)
    assert.is(detail?.state, 'exited')
    assert.is(detail?.restartCount, 0)
  })

  check('health goes from starting to healthy, in the list too', async ({ engine, project, create, getsHealthy }) => {
    const id = await create('db', getsHealthy)
    const listed = async () => (await engine.listContainers({ names: [`${project}-db`] }))[0]?.health
    await engine.startContainer(id)
    assert.is(await listed(), 'starting')
    await eventually(engine, async () => (await listed()) === 'healthy')
    const { health } = (await engine.inspectContainer(id)) ?? {}
    assert.is(health?.status, 'healthy')
    assert.is(health?.failingStreak, 0)
    assert.is(health?.log.at(-1)?.exitCode, 0)
  })

  check('health gets unhealthy after its retries, with what the probes said', async (scope) => {
    const { engine, create, staysUnhealthy } = scope
    const id = await create('db', staysUnhealthy)
    await engine.startContainer(id)
    const health = await unhealthy(scope, id)
    assert.ok(health.failingStreak >= 2)
    assert.is(health.log.at(-1)?.exitCode, 1)
  })

  check('once stopped, a healthy container reads unhealthy, and the list says nothing', async (scope) => {
    const { engine, project, create, getsHealthy } = scope
    const id = await create('db', getsHealthy)
    await engine.startContainer(id)
    await eventually(engine, async () => (await engine.inspectContainer(id))?.health?.status === 'healthy')
    await engine.stopContainer(id, { grace: 10 })
    assert.is((await engine.inspectContainer(id))?.health?.status, 'unhealthy')
    assert.is((await engine.listContainers({ names: [`${project}-db`] }))[0]?.health, undefined)
    await engine.startContainer(id)
    assert.is((await engine.inspectContainer(id))?.health?.status, 'starting')
  })

  check(
    'while it is paused nobody tests it: it reads unhealthy without a failure, until it is tested again',
    async (scope) => {
      const { engine, project, create, getsHealthy } = scope
      const id = await create('db', getsHealthy)
      const health = async () => (await engine.inspectContainer(id))?.health
      await engine.startContainer(id)
      await eventually(engine, async () => (await health())?.status === 'healthy')
      await engine.pauseContainer(id)
      const paused = await health()
      assert.equal([paused?.status, paused?.failingStreak, paused?.log.at(-1)?.exitCode], ['unhealthy', 0, 0])
      assert.is((await engine.listContainers({ names: [`${project}-db`] }))[0]?.health, undefined)
      await refused(409, engine.exec(id, { cmd: ['true'] }, never))
      await engine.unpauseContainer(id)
      await eventually(engine, async () => (await health())?.status === 'healthy')
    },
  )

  check('the list says in words since when a container runs', async ({ engine, project, create, runs }) => {
    await engine.startContainer(await create('web', runs))
    const [summary] = await engine.listContainers({ names: [`${project}-web`] })
    assert.match(summary?.status ?? '', /^Up (Less than a second|1 second|[2-9] seconds)$/)
  })

  check(
    'a host port that is taken: the start fails, the container stays created, and starts once it is free',
    async (scope) => {
      const { engine, create, runs } = scope
      const first = await create('first', runs, publishing('127.0.0.1', ''))
      await engine.startContainer(first)
      const port = await publishedPort(scope, 'first')
      const second = await create('second', runs, publishing('127.0.0.1', String(port)))
      const error = await refused(500, engine.startContainer(second))
      assert.match(error.message, `127.0.0.1:${port}`)
      const detail = await engine.inspectContainer(second)
      assert.is(detail?.state, 'created')
      assert.is(detail?.startedAt, undefined)
      assert.is(detail?.error, error.message)
      await engine.removeContainer(first, { force: true, volumes: true })
      await engine.startContainer(second)
      assert.is(await publishedPort(scope, 'second'), port)
    },
  )

  check('every address clashes with one', async (scope) => {
    const { engine, create, runs } = scope
    await engine.startContainer(await create('first', runs, publishing('127.0.0.1', '')))
    const port = await publishedPort(scope, 'first')
    const second = await create('second', runs, publishing('0.0.0.0', String(port)))
    await refused(500, engine.startContainer(second))
  })

  check('a port that is exposed only is listed without a host port', async ({ engine, project, create, declares }) => {
    await engine.startContainer(await create('web', declares))
    const [summary] = await engine.listContainers({ names: [`${project}-web`] })
    assert.equal(summary?.ports, [{ target: 80, protocol: 'tcp' }])
  })

  check('a command inside a container gives its code and all its output', async ({ engine, create, getsHealthy }) => {
    const id = await create('db', getsHealthy)
    await refused(409, engine.exec(id, { cmd: ['true'] }, never))
    await engine.startContainer(id)
    await eventually(engine, async () => (await engine.inspectContainer(id))?.health?.status === 'healthy')
    let reported = ''
    const ended = await engine.exec(id, { cmd: ['echo', 'ok'] }, never, ({ stream, payload }) => {
      reported += `${stream}: ${Buffer.from(payload)}`
    })
    assert.equal([ended, reported], [{ exitCode: 0, output: 'ok\n' }, 'stdout: ok\n'])
  })

  check('a command that cannot be run is refused with the reason, which is no output', async (scope) => {
    const { engine, create, runs, missing } = scope
    const id = await create('web', runs)
    await engine.startContainer(id)
    const reported: unknown[] = []
    const { message } = await refused(
      400,
      engine.exec(id, { cmd: missing.Cmd ?? ['nothing'] }, never, (chunk) => reported.push(chunk)),
    )
    assert.match(message, 'nothing')
    assert.equal(reported, [])
  })

  check('files can be put into a container before it is started', async ({ engine, create, runs }) => {
    const id = await create('web', runs)
    const content = Buffer.from('schön\n')
    await engine.putFiles(id, '/', [{ path: 'secret', content, mode: 0o400, uid: 0, gid: 0 }])
    await engine.startContainer(id)
    assert.equal(await engine.exec(id, { cmd: ['cat', '/secret'] }, never), { exitCode: 0, output: 'schön\n' })
  })
}

async function unhealthy({ engine }: Scope, id: string) {
  return eventually(engine, async () => {
    const { health } = (await engine.inspectContainer(id)) ?? {}
    return health?.status === 'unhealthy' && health
  })
}

function publishing(HostIp: string, HostPort: string) {
  return { ExposedPorts: { '80/tcp': {} }, HostConfig: { PortBindings: { '80/tcp': [{ HostIp, HostPort }] } } }
}

async function publishedPort({ engine, project }: Scope, name: string): Promise<number | undefined> {
  const [summary] = await engine.listContainers({ names: [`${project}-${name}`] })
  return summary?.ports.find((port) => port.target === 80)?.published
}
