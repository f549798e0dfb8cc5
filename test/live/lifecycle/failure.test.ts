import { randomBytes } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  ensureBuilt,
  type Failed,
  failedSteps,
  freePorts,
  jsonLines,
  listenAnywhere,
  type Ran,
  succeeded,
} from '../../support/cli.ts'
import { SCRATCH_IMAGE } from '../../support/scratch-image.ts'
import { noOwnEngine, withOwnEngine } from '../own-engine.ts'
import { STAYS, scenes, shell, withScene } from '../scene.ts'

const check = await scenes()

const UP = ['--progress', 'json', 'up', '-d']
const QUICK = { interval: '200ms', timeout: '2s', retries: 2 }

/** The only failure of a command that ended with exit code 1. */
function failureOf(ran: Ran): Failed {
  assert.is(ran.code, 1, ran.stdout + ran.stderr)
  const failures = failedSteps(ran)
  assert.is(failures.length, 1, `one failure is reported once: ${ran.stderr}`)
  return failures[0] as Failed
}

/** Steps that were left out, for something before them had failed. */
function skippedSteps(ran: Ran): string[] {
  return jsonLines(ran.stderr).flatMap((each) =>
    each.type === 'step-skip' && each.reason === 'upstream' ? [each.step] : [],
  )
}

check('an image that cannot be pulled: siblings come up', async ({ stack, run, containers }) => {
  const image = 'localhost:1/flotilla-test/absent:1'
  await stack({ services: { bad: { image }, waiting: { ...STAYS, depends_on: ['bad'] }, sibling: STAYS } })
  const ran = await run(...UP)
  const { step, problem, dossier } = failureOf(ran)
  assert.equal([step, problem.code], [`pull:image/${image}`, 'image-unavailable'])
  assert.equal([dossier?.subject, dossier?.image], [`image/${image}`, image])
  assert.ok((dossier?.tries.length ?? 0) > 0)
  assert.ok(skippedSteps(ran).includes('start:container/waiting/1'))
  const { 'sibling-1': sibling, 'waiting-1': waiting } = await containers()
  assert.is(sibling?.state, 'running')
  assert.not.equal(waiting?.state, 'running')
})

check('a port held by another container', async ({ stack, run, container, project }) => {
  const [port = 0] = await freePorts(1)
  await stack({ services: { holder: { ...STAYS, ports: [`127.0.0.1:${port}:80`] } } })
  succeeded(await run(...UP))
  await stack({
    services: {
      web: { ...STAYS, ports: [`127.0.0.1:${port}:80`] },
      edge: { ...STAYS, depends_on: ['web'] },
      sibling: STAYS,
    },
  })
  const { step, problem, dossier } = failureOf(await run(...UP))
  assert.equal([step, problem.code], ['start:container/web/1', 'port-in-use'])
  assert.ok(dossier?.port?.port.includes(`${port}`))
  assert.ok(dossier?.port?.holder.includes(`${project}-holder-1`), dossier?.port?.holder)
  assert.equal(dossier?.waiting, ['edge'])
  assert.is((await container('sibling-1')).state, 'running')
  assert.is((await container('holder-1')).state, 'running')
})

check('a port held by a process', async ({ stack, run }) => {
  const server = await listenAnywhere()
  const { port } = server.address() as { port: number }
  try {
    await stack({ services: { web: { ...STAYS, ports: [`127.0.0.1:${port}:80`] } } })
    const { problem, dossier } = failureOf(await run(...UP))
    assert.is(problem.code, 'port-in-use')
    assert.ok(dossier?.port?.port.includes(`${port}`))
    if (process.platform === 'linux') assert.ok(dossier?.port?.holder.includes(`${process.pid}`), dossier?.port?.holder)
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
  succeeded(await run(...UP))
})

check('a dependency that is unhealthy', async ({ stack, run, container }) => {
  await stack({
    services: {
      db: {
        ...shell('echo first words; echo last words >&2; exec sleep 1000'),
        healthcheck: { test: 'echo not yet; exit 7', ...QUICK },
      },
      web: { ...STAYS, depends_on: { db: { condition: 'service_healthy' } } },
      edge: { ...STAYS, depends_on: ['web'] },
      sibling: STAYS,
    },
  })
  const ran = await run(...UP)
  const { step, problem, dossier } = failureOf(ran)
  assert.equal([step, problem.code], ['wait:container/db/1:service_healthy', 'container-unhealthy'])
  const { probe } = dossier ?? {}
  assert.equal([probe?.exitCode, probe?.output, probe?.command], [7, 'not yet', 'echo not yet; exit 7'])
  assert.ok((probe?.failures ?? 0) >= 2)
  assert.equal([...(dossier?.log ?? [])].sort(), ['first words', 'last words'])
  assert.equal(dossier?.waiting, ['web', 'edge'])
  assert.is(dossier?.exit, undefined)
  assert.is((await container('web-1')).state, 'created')
  assert.is((await container('sibling-1')).state, 'running')
  assert.ok(skippedSteps(ran).includes('start:container/edge/1'))
})

check('a dependency that exits', async ({ stack, run, container }) => {
  await stack({
    services: {
      db: { ...shell('echo cannot open the data; exit 3'), healthcheck: { test: ['CMD', 'true'], interval: '10s' } },
      web: { ...STAYS, depends_on: { db: { condition: 'service_healthy' } } },
      sibling: STAYS,
    },
  })
  const { problem, dossier } = failureOf(await run(...UP))
  assert.is(problem.code, 'container-exited')
  assert.equal([dossier?.exit?.code, dossier?.exit?.oomKilled, dossier?.exit?.restarts], [3, false, 0])
  assert.equal(dossier?.log, ['cannot open the data'])
  assert.equal(dossier?.waiting, ['web'])
  assert.is((await container('sibling-1')).state, 'running')
})

check('a job that fails', async ({ stack, run, container }) => {
  await stack({
    services: {
      job: shell('echo half way; exit 3'),
      web: { ...STAYS, depends_on: { job: { condition: 'service_completed_successfully' } } },
    },
  })
  const { problem, dossier } = failureOf(await run(...UP))
  assert.equal([problem.code, dossier?.exit?.code, dossier?.log], ['container-exited', 3, ['half way']])
  assert.is((await container('web-1')).state, 'created')
})

check('a command that the image does not have', async ({ stack, run, container }) => {
  await stack({ services: { app: { ...STAYS, init: false, command: ['no-such-program'] }, sibling: STAYS } })
  const { step, problem, dossier } = failureOf(await run(...UP))
  assert.equal([step, problem.code], ['start:container/app/1', 'start-failed'])
  assert.ok((dossier?.tries.length ?? 0) > 0)
  assert.is((await container('sibling-1')).state, 'running')
})

check('a bind whose source is missing', async ({ stack, run, container, folder }) => {
  const volumes = [{ type: 'bind', source: './absent', target: '/x', bind: { create_host_path: false } }]
  await stack({ services: { app: { ...STAYS, volumes }, sibling: STAYS } })
  const ran = await run(...UP)
  const { problem } = failureOf(ran)
  assert.equal(problem.severity, 'error')
  assert.ok(problem.message.includes(`${folder}/absent`))
  assert.is((await container('sibling-1')).state, 'running')
})

check(
  'a name that a container of someone else has: it is left alone, and nothing is begun',
  async ({ stack, run, engine, project, containers }) => {
    const name = `${project}-web-1`
    const { id } = await engine.createContainer(name, { Image: SCRATCH_IMAGE, Cmd: ['true'], HostConfig: {} })
    try {
      await stack({ services: { web: STAYS, sibling: STAYS } })
      const ran = await run(...UP)
      assert.is(ran.code, 1)
      const problem = jsonLines(ran.stderr).find((each) => each.type === 'problem' && each.code === 'foreign-resource')
      assert.ok(String(problem?.message).includes(name), ran.stderr)
      assert.is((await engine.inspectContainer(name))?.id, id)
      assert.equal(await containers(), {})
      succeeded(await run('down'))
      assert.is((await engine.inspectContainer(name))?.id, id)
    } finally {
      await engine.removeContainer(id, { force: true, volumes: true })
    }
  },
)

check('a name that a container of another project has', async ({ stack, run, engine, project, containers }) => {
  const name = `${project}-the-name`
  const Labels = { 'com.docker.compose.project': `${project}-other`, 'com.docker.compose.service': 'theirs' }
  const { id } = await engine.createContainer(name, { Image: SCRATCH_IMAGE, Cmd: ['true'], Labels, HostConfig: {} })
  try {
    await stack({ services: { web: { ...STAYS, container_name: name } } })
    const ran = await run(...UP)
    assert.is(ran.code, 1)
    const problem = jsonLines(ran.stderr).find((each) => each.type === 'problem' && each.code === 'foreign-resource')
    assert.ok(String(problem?.message).includes(`${project}-other`), ran.stderr)
    assert.equal(await containers(), {})
    assert.is((await engine.inspectContainer(name))?.id, id)
  } finally {
    await engine.removeContainer(id, { force: true, volumes: true })
  }
})

check('a network of that name that belongs to another project', async ({ stack, run, engine, project, containers }) => {
  const Labels = { 'com.docker.compose.project': `${project}-other` }
  const { id } = await engine.createNetwork({ Name: `${project}_default`, Labels })
  try {
    await stack({ services: { web: STAYS } })
    const ran = await run(...UP)
    assert.is(ran.code, 1)
    assert.ok(jsonLines(ran.stderr).some((each) => each.type === 'problem' && each.code === 'foreign-resource'))
    assert.equal(await containers(), {})
  } finally {
    await engine.removeNetwork(id)
  }
})

check('a build that fails', async ({ stack, write, run, container }) => {
  await write('Dockerfile', `FROM ${SCRATCH_IMAGE}\nRUN echo about to fail; exit 9\n`)
  await stack({ services: { app: { build: '.' }, sibling: STAYS } })
  const { problem, dossier } = failureOf(await run(...UP))
  assert.is(problem.code, 'build-failed')
  assert.ok(
    dossier?.log?.some((line) => line.includes('about to fail')),
    JSON.stringify(dossier),
  )
  assert.is((await container('sibling-1')).state, 'running')
})

check('a wait that takes too long', async ({ stack, run }) => {
  await stack({
    services: { app: { ...STAYS, healthcheck: { test: ['CMD', 'false'], interval: '300ms', retries: 1000 } } },
  })
  const { problem, dossier } = failureOf(await run('--progress', 'json', 'up', '--wait', '--wait-timeout', '2'))
  assert.is(problem.code, 'wait-timeout')
  assert.is(dossier?.probe?.exitCode, 1)
})

check('secrets show nowhere: not in a log, a probe, a build, a plan or a message', async (scene) => {
  const { stack, write, run, env } = scene
  const secrets = Object.fromEntries(
    ['file', 'variable', 'inline', 'dotenv', 'envFile', 'interpolated', 'before'].map((key) => [
      key,
      randomBytes(9).toString('hex'),
    ]),
  )
  const { file = '', variable = '', inline = '', dotenv = '', envFile = '', interpolated = '', before = '' } = secrets
  await write('secret.txt', `${file}\n`)
  await write('.env', `DB_PASSWORD=${dotenv}\n`)
  await write('app.env', `API_TOKEN=${envFile}\n`)
  await write('Dockerfile', `FROM ${SCRATCH_IMAGE}\nARG A_TOKEN\nRUN echo "$A_TOKEN"; exit 4\n`)
  Object.assign(env, { THE_VARIABLE: variable, SIGNING_KEY: interpolated })
  const tell = 'cat /run/secrets/file /run/secrets/variable; env'
  const declare = (password: string) =>
    stack({
      services: {
        app: {
          ...shell(`${tell}; exit 3`),
          environment: { INLINE_PASSWORD: password, FROM_DOTENV: '${DB_PASSWORD}', URL: 'db://me:${SIGNING_KEY}@db' },
          env_file: 'app.env',
          secrets: ['file', 'variable'],
        },
        sick: {
          ...shell('exec sleep 1000'),
          environment: { SICK_PASSWORD: password },
          secrets: ['file', 'variable'],
          healthcheck: { test: `${tell}; exit 1`, ...QUICK },
        },
        built: { build: { context: '.', args: { A_TOKEN: '${SIGNING_KEY}' } } },
        one: { ...STAYS, depends_on: { app: { condition: 'service_completed_successfully' } } },
        two: { ...STAYS, depends_on: { sick: { condition: 'service_healthy' } } },
      },
      secrets: { file: { file: './secret.txt' }, variable: { environment: 'THE_VARIABLE' } },
    })
  await declare(before)
  const first = await run(...UP)
  assert.is(failedSteps(first).length, 3, first.stderr)
  await declare(inline)
  const runs = [first, await run('plan'), await run('plan', '--format', 'json')]
  for (const progress of ['plain', 'json', 'quiet', 'tree']) runs.push(await run('--progress', progress, 'up', '-d'))
  runs.push(await run('ps', '-a'), await run('ps', '-a', '--format', 'json'))
  for (const { stdout, stderr } of runs)
    for (const [key, value] of Object.entries(secrets))
      assert.not.ok((stdout + stderr).includes(value), `${key} shows: ${stdout}${stderr}`)
})

check('drivers that the engine does not have', async ({ stack, run }) => {
  const own = { driver: 'flotilla-test-absent' }
  const web = { ...STAYS, networks: ['own'], volumes: ['own:/data'] }
  await stack({ services: { web }, networks: { own }, volumes: { own } })
  const ran = await run(...UP)
  assert.is(ran.code, 1)
  const failures = failedSteps(ran)
  assert.is(failures.length, 2, ran.stderr)
  for (const { problem } of failures) {
    assert.is(problem.code, 'engine-error')
    assert.match(problem.message, own.driver)
    assert.match(problem.hint ?? '', 'correct `driver`')
  }
})

/** Its end may come later than the last look: that nothing waits for it is as documented. */
const TRIES = 8

check('up -d says so where its only program ends at once', async ({ stack, run }) => {
  await stack({ services: { web: shell('exit 3') } })
  for (let left = TRIES; left > 0; left--) {
    const ran = succeeded(await run(...UP, '--force-recreate'))
    if (ran.stderr.includes('"code":"container-exited"')) return
  }
  assert.unreachable(`not once in ${TRIES} times`)
})

const why = noOwnEngine()
if (why) console.log(`skipped in part: ${why}`)
else ensureBuilt()
/** The engine's own bridge takes one of them. */
const TWO_POOLS = ['--default-address-pool', 'base=10.213.0.0/23,size=24']
;(why ? test.skip : test)('no range of addresses is left for another network', () =>
  withOwnEngine(
    '64m',
    (own) =>
      withScene(own.engine, async ({ stack, run, env, containers }) => {
        env.DOCKER_HOST = own.host
        await stack({ services: { web: { ...STAYS, networks: ['one'] } }, networks: { one: {} } })
        succeeded(await run('create'))
        await stack({ services: { web: { ...STAYS, networks: ['one', 'two'] } }, networks: { one: {}, two: {} } })
        const { problem } = failureOf(await run(...UP))
        assert.is(problem.code, 'no-address-pool')
        assert.match(problem.hint ?? '', '1 of its 1 networks')
        assert.is((await containers())['web-1']?.state, 'created', 'what was there is left alone')
        const ipam = { config: [{ subnet: '10.214.0.0/24' }] }
        await stack({ services: { web: { ...STAYS, networks: ['one', 'two'] } }, networks: { one: {}, two: { ipam } } })
        succeeded(await run(...UP))
      }),
    TWO_POOLS,
  ),
)

test.run()
