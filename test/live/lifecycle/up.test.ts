import { createHash, randomBytes } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { eventsOf, freePorts, startedSteps, succeeded } from '../../support/cli.ts'
import { DECLARING_IMAGE, ensureDeclaringImage, SCRATCH_IMAGE } from '../../support/scratch-image.ts'
import { BUILT, nothingToChange, STAYS, scenes, shell } from '../scene.ts'

const check = await scenes()

const UP = ['--progress', 'json', 'up', '-d']
const HEALTH = { test: ['CMD', 'test', '-f', '/ready'], interval: '100ms', timeout: '5s', retries: 100 }

check(
  'services start in the order of their conditions, and a second up starts no step',
  async ({ stack, run, container }) => {
    await stack({
      services: {
        db: { ...shell('sleep 0.4; touch /ready; exec sleep 1000'), healthcheck: HEALTH },
        migrate: { ...shell('sleep 0.4'), depends_on: { db: { condition: 'service_healthy' } } },
        cache: STAYS,
        web: {
          ...STAYS,
          depends_on: {
            migrate: { condition: 'service_completed_successfully' },
            db: { condition: 'service_healthy' },
            cache: { condition: 'service_started' },
          },
        },
        edge: { ...STAYS, depends_on: ['web'] },
      },
    })
    assert.is((await run('plan')).code, 2)
    succeeded(await run(...UP))
    const [db, migrate, cache, web, edge] = await Promise.all(
      ['db-1', 'migrate-1', 'cache-1', 'web-1', 'edge-1'].map((name) => container(name)),
    )
    const at = (time: string | undefined) => Date.parse(time ?? '')
    assert.ok(at(migrate?.startedAt) >= at(db?.startedAt) + 400, 'migrate waits until db is healthy')
    assert.ok(at(web?.startedAt) >= at(migrate?.finishedAt), 'web waits until migrate has done its work')
    assert.ok(at(web?.startedAt) >= at(cache?.startedAt), 'web waits until cache has started')
    assert.ok(at(edge?.startedAt) >= at(web?.startedAt), 'edge waits until web has started')
    assert.equal([migrate?.state, migrate?.exitCode], ['exited', 0])
    assert.equal(
      [db, cache, web, edge].map((each) => each?.state),
      ['running', 'running', 'running', 'running'],
    )

    assert.equal(startedSteps(succeeded(await run(...UP))), [])
    await nothingToChange(run)
  },
)

check('a dependency that is not required may fail', async ({ stack, run, containers }) => {
  await stack({
    services: {
      flaky: shell('exit 3'),
      web: { ...STAYS, depends_on: { flaky: { condition: 'service_completed_successfully', required: false } } },
    },
  })
  const ran = await run(...UP)
  const { 'web-1': web, 'flaky-1': flaky } = await containers()
  assert.equal([web?.state, flaky?.state, flaky?.exitCode], ['running', 'exited', 3])
  succeeded(ran)
})

check('networks with their aliases', async ({ stack, run, container, engine, project }) => {
  await stack({
    services: {
      web: {
        ...STAYS,
        networks: { front: { aliases: ['www', 'shop'] }, back: null, default: { aliases: ['plain'] } },
      },
      db: { ...STAYS, networks: { back: { aliases: ['database'], ipv4_address: '10.213.7.9' } } },
      alone: { ...STAYS, network_mode: 'none' },
    },
    networks: {
      front: { driver_opts: { 'com.docker.network.bridge.enable_icc': 'true' } },
      back: { internal: true, labels: { tier: 'data' }, ipam: { config: [{ subnet: '10.213.7.0/24' }] } },
    },
  })
  succeeded(await run(...UP))
  const [web, db, alone] = [await container('web-1'), await container('db-1'), await container('alone-1')]
  assert.equal(
    Object.keys(web.networks).sort(),
    ['back', 'default', 'front'].map((key) => `${project}_${key}`),
  )
  const aliases = (container: typeof web, key: string) => container.networks[`${project}_${key}`]?.aliases ?? []
  assert.ok(['web', 'www', 'shop'].every((alias) => aliases(web, 'front').includes(alias)))
  assert.ok(['web', 'plain'].every((alias) => aliases(web, 'default').includes(alias)))
  assert.ok(aliases(web, 'back').includes('web') && !aliases(web, 'back').includes('www'))
  assert.equal(Object.keys(db.networks), [`${project}_back`])
  assert.ok(aliases(db, 'back').includes('database'))
  assert.is(db.networks[`${project}_back`]?.ipAddress, '10.213.7.9')
  assert.equal(Object.keys(alone.networks), ['none'])
  const [back] = await engine.listNetworks({ names: [`${project}_back`] })
  assert.equal([back?.internal, back?.labels.tier, back?.ipam.config[0]?.subnet], [true, 'data', '10.213.7.0/24'])
})

check('a dependency that ends once and is started again by the engine is waited for', async (scene) => {
  const { stack, run, container } = scene
  const twice = 'if [ ! -e /before ]; then touch /before; sleep 1.2; exit 3; fi; touch /ready; exec sleep 1000'
  await stack({
    services: {
      db: {
        ...shell(twice),
        restart: 'on-failure',
        healthcheck: { test: ['CMD', 'test', '-e', '/ready'], interval: '500ms', retries: 20 },
      },
      web: { ...STAYS, depends_on: { db: { condition: 'service_healthy' } } },
    },
  })
  succeeded(await run(...UP))
  assert.is((await container('web-1')).state, 'running')
  assert.is((await container('db-1')).restartCount, 1)
})

check('a guest of namespaces whose host was restarted by someone else is put back into them', async (scene) => {
  const { stack, run, container, inside, engine } = scene
  await stack({ services: { host: STAYS, guest: { ...STAYS, network_mode: 'service:host' }, other: STAYS } })
  succeeded(await run(...UP))
  const [host, other] = [await container('host-1'), await container('other-1')]
  const addresses = await inside('guest-1', 'cat', '/proc/net/fib_trie')
  await engine.stopContainer(host.id, {})
  await engine.startContainer(host.id)
  assert.not.equal(await inside('guest-1', 'cat', '/proc/net/fib_trie'), addresses, 'it was cut off')
  succeeded(await run(...UP))
  assert.is(await inside('guest-1', 'cat', '/proc/net/fib_trie'), await inside('host-1', 'cat', '/proc/net/fib_trie'))
  assert.equal([(await container('host-1')).id, (await container('other-1')).id], [host.id, other.id])
  await nothingToChange(run)
})

check('named and anonymous volumes, binds and tmpfs', async (scene) => {
  const { stack, write, run, container, inside, engine, project, folder } = scene
  await ensureDeclaringImage(engine)
  await write('site/index.html', 'hello')
  await stack({
    services: {
      web: {
        ...STAYS,
        image: DECLARING_IMAGE,
        volumes: ['named:/named', './site:/site:ro', '/anonymous', { type: 'tmpfs', target: '/scratch' }],
      },
      reader: { ...STAYS, volumes: [{ type: 'volume', source: 'named', target: '/other', read_only: true }] },
    },
    volumes: { named: { labels: { keep: 'yes' } } },
  })
  succeeded(await run(...UP))
  const web = await container('web-1')
  const mount = (target: string) => web.mounts.find((each) => each.target === target)
  assert.is(mount('/named')?.name, `${project}_named`)
  assert.equal([mount('/site')?.source, mount('/site')?.readOnly], [`${folder}/site`, true])
  for (const target of ['/anonymous', '/data']) assert.match(mount(target)?.name ?? '', /^[0-9a-f]{64}$/)
  assert.is((await engine.inspectVolume(`${project}_named`))?.labels.keep, 'yes')
  assert.is(await inside('web-1', 'cat', '/site/index.html'), 'hello')
  assert.match(await inside('web-1', 'mount'), /tmpfs on \/scratch/)
  await inside('web-1', 'sh', '-c', 'echo shared > /named/file')
  assert.is(await inside('reader-1', 'cat', '/other/file'), 'shared')
  assert.is((await container('reader-1')).mounts.find((each) => each.target === '/other')?.readOnly, true)
})

check('published ports answer', async ({ stack, run, container }) => {
  const [port = 0] = await freePorts(1)
  await stack({
    services: {
      web: {
        ...STAYS,
        command: ['httpd', '-f', '-p', '80', '-h', '/www'],
        ports: [`127.0.0.1:${port}:80`, '127.0.0.1::81'],
        expose: ['82'],
        configs: [{ source: 'page', target: '/www/index.html' }],
      },
    },
    configs: { page: { content: 'it works' } },
  })
  succeeded(await run(...UP))
  const { spec } = await container('web-1')
  assert.equal(spec.HostConfig.PortBindings?.['80/tcp'], [{ HostIp: '127.0.0.1', HostPort: `${port}` }])
  assert.equal(Object.keys(spec.ExposedPorts ?? {}).sort(), ['80/tcp', '81/tcp', '82/tcp'])
  assert.is(await bodyOf(`http://127.0.0.1:${port}/`), 'it works')
  const { stdout } = await run('ps', '--format', 'json')
  const { Publishers } = JSON.parse(stdout)
  const published = Publishers.find((each: { TargetPort: number }) => each.TargetPort === 81)?.PublishedPort
  assert.ok(published > 0, 'the engine has chosen a port')
})

/** The program may need a moment after its container has started. */
async function bodyOf(url: string): Promise<string> {
  const until = Date.now() + 5000
  for (;;) {
    try {
      return (await (await fetch(url)).text()).trim()
    } catch (thrown) {
      if (Date.now() > until) throw thrown
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

check('secrets and configs, from files, the environment and the stack file', async (scene) => {
  const { stack, write, run, inside, env } = scene
  const [fromFile = '', fromEnvironment = ''] = [1, 2].map(() => randomBytes(12).toString('hex'))
  await write('password.txt', fromFile)
  env.THE_TOKEN = fromEnvironment
  await stack({
    services: {
      app: {
        ...STAYS,
        secrets: [
          'password',
          { source: 'token', target: 'api_token', uid: '65534', gid: '100', mode: 0o400 },
          { source: 'token', target: '/etc/token', mode: '0440' },
        ],
        configs: [
          'settings',
          { source: 'settings', target: '/etc/app/settings.ini', uid: '7', gid: '8', mode: '0600' },
        ],
      },
    },
    secrets: { password: { file: './password.txt' }, token: { environment: 'THE_TOKEN' } },
    configs: { settings: { content: 'colour = blue\nsize = 3\n' } },
  })
  succeeded(await run(...UP))
  const stat = (path: string) => inside('app-1', 'stat', '-c', '%a %u %g', path)
  assert.is(await inside('app-1', 'cat', '/run/secrets/password'), fromFile)
  assert.is(await inside('app-1', 'cat', '/run/secrets/api_token'), fromEnvironment)
  assert.is(await inside('app-1', 'cat', '/etc/app/settings.ini'), 'colour = blue\nsize = 3')
  assert.is(await inside('app-1', 'cat', '/settings'), 'colour = blue\nsize = 3')
  assert.is(await stat('/run/secrets/api_token'), '400 65534 100')
  assert.is(await stat('/etc/token'), '440 0 0')
  assert.is(await stat('/etc/app/settings.ini'), '600 7 8')
  assert.is(await stat('/settings'), '444 0 0')
  assert.equal(startedSteps(succeeded(await run(...UP))), [])
})

check(
  'env files, environment, labels, replicas, limits',
  async ({ stack, write, run, containers, container, inside, env }) => {
    await write('one.env', 'A=one\nB=one\nQUOTED="with space"\n')
    await write('two.env', 'B=two\n')
    env.FROM_SHELL = 'shell'
    await stack({
      services: {
        app: {
          ...STAYS,
          env_file: ['one.env', { path: 'two.env' }, { path: 'absent.env', required: false }],
          environment: { C: 'own', FROM_SHELL: null, NOT_SET: null, D: '${FROM_SHELL}-${NOT_SET:-default}' },
          labels: { team: 'blue', 'org.example/x': '1' },
          deploy: { replicas: 3, resources: { limits: { memory: '32m' } } },
          restart: 'unless-stopped',
          user: '65534:100',
          working_dir: '/tmp',
          hostname: 'app-host',
          cap_drop: ['ALL'],
          read_only: true,
          stop_grace_period: '3s',
        },
        named: { ...STAYS, container_name: `${env.COMPOSE_PROJECT_NAME}-the-name` },
      },
    })
    succeeded(await run(...UP))
    assert.equal(Object.keys(await containers()).sort(), ['app-1', 'app-2', 'app-3', 'the-name'])
    for (const name of ['app-1', 'app-2', 'app-3']) {
      const { spec, labels } = await container(name)
      const environment = (await inside(name, 'env')).split('\n')
      for (const each of ['A=one', 'B=two', 'C=own', 'D=shell-default', 'FROM_SHELL=shell', 'QUOTED=with space'])
        assert.ok(environment.includes(each), each)
      assert.not.ok(environment.some((each) => each.startsWith('NOT_SET')))
      assert.equal([labels.team, labels['org.example/x']], ['blue', '1'])
      assert.is(labels['com.docker.compose.container-number'], name.slice(-1))
      assert.equal(spec.HostConfig.RestartPolicy?.Name, 'unless-stopped')
      assert.equal([spec.User, spec.WorkingDir, spec.Hostname, spec.StopTimeout], ['65534:100', '/tmp', 'app-host', 3])
      assert.equal([spec.HostConfig.Memory, spec.HostConfig.ReadonlyRootfs], [32 * 2 ** 20, true])
      assert.equal(spec.HostConfig.CapDrop, ['ALL'])
    }
  },
)

check(
  'an image is built once, tagged, and used; a second up builds nothing',
  async ({ stack, write, run, container, engine, project }) => {
    const mark = createHash('sha256').update(project).digest('hex')
    await write('app/Dockerfile', `FROM ${SCRATCH_IMAGE}\nARG MARK\nENV MARK=$MARK\nCOPY file /file\n`)
    await write('app/file', mark)
    await stack({
      services: { app: { ...BUILT, build: { context: './app', args: { MARK: mark } } } },
    })
    try {
      succeeded(await run(...UP))
      const { spec, image } = await container('app-1')
      assert.is(image, `${project}-app`)
      assert.ok(spec.Env?.includes(`MARK=${mark}`))
      assert.equal(startedSteps(succeeded(await run(...UP))), [])
    } finally {
      await engine.removeContainer(`${project}-app-1`, { force: true, volumes: true })
      await engine.removeImage(`${project}-app`)
    }
  },
)

check('only what a named service needs is brought up; --no-start only creates', async ({ stack, run, containers }) => {
  await stack({ services: { db: STAYS, web: { ...STAYS, depends_on: ['db'] }, other: STAYS } })
  succeeded(await run('up', '--no-start', 'web'))
  const states = async () =>
    Object.entries(await containers())
      .map(([name, { state }]) => `${name} ${state}`)
      .sort()
  assert.equal(await states(), ['db-1 created', 'web-1 created'])
  succeeded(await run(...UP, 'web'))
  assert.equal(await states(), ['db-1 running', 'web-1 running'])
})

check('--wait returns once everything is healthy', async ({ stack, run, container }) => {
  await stack({ services: { app: { ...shell('sleep 1; touch /ready; exec sleep 1000'), healthcheck: HEALTH } } })
  succeeded(await run('--progress', 'quiet', 'up', '--wait'))
  const { startedAt } = await container('app-1')
  assert.ok(Date.now() - Date.parse(startedAt ?? '') >= 1000, 'it was not healthy earlier')
})

check('problems of the stack file touch nothing: exit code 1', async ({ stack, run, containers }) => {
  await stack('services:\n  web:\n    imag: nothing\n')
  for (const args of [['plan'], UP]) assert.is((await run(...args)).code, 1)
  assert.equal(await containers(), {})
  succeeded(await run('down'))
})

check('events hold the plan, every step, and the end', async ({ stack, run }) => {
  await stack({ services: { db: STAYS, web: { ...STAYS, depends_on: ['db'] } } })
  const events = eventsOf(succeeded(await run(...UP)))
  assert.is(events[0]?.type, 'plan')
  const steps = events[0]?.type === 'plan' ? events[0].steps.map((each) => each.id) : []
  const of = (type: string) =>
    events.flatMap((each) => (each.type === type && 'step' in each ? [each.step] : [])).sort()
  assert.equal(of('step-start'), [...steps].sort())
  assert.equal(of('step-done'), [...steps].sort())
  const end = events.at(-1)
  assert.equal(end?.type === 'end' && [end.ok, end.done, end.failed, end.skipped], [true, steps.length, 0, 0])
})

test.run()
