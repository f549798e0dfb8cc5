import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../../src/backend/docker/labels.ts'
import type { ContainerSummary } from '../../../src/docker/port.ts'
import type { ContainerSpec } from '../../../src/docker/spec.ts'
import type { ImageFixture } from '../../support/memory/fixture.ts'
import { type Lab, withLab } from '../support.ts'

const BRIEF: ImageFixture = {
  cmd: ['serve'],
  log: [
    { after: 10, text: 'one' },
    { after: 20, text: 'two', stream: 'stderr' },
  ],
  exits: { after: 50, code: 7 },
}
const IMAGES: Record<string, ImageFixture> = {
  'db:1': { cmd: ['serve'], passesAfter: 300 },
  'db:sick': { cmd: ['serve'], passesAfter: Infinity, exits: { after: 50, code: 1 } },
  'web:1': BRIEF,
  'stays:1': { cmd: ['serve'] },
  'none:1': { cmd: ['serve'], startFails: 'exec: "nosuch": executable file not found in $PATH' },
}
const STACK = `
name: shop
services:
  db:
    image: db:1
    healthcheck: { test: [CMD, "true"], interval: 1s }
  web:
    image: web:1
    container_name: the-web
    depends_on: { db: { condition: service_healthy } }
    ports: ["8080:80"]
    restart: always
    environment: { A: "1", B: "2" }
    labels: { role: front }
    volumes: ["data:/data", "/cache"]
    networks: { default: { aliases: [www], ipv4_address: 10.9.8.7 } }
    deploy: { replicas: 1, restart_policy: { condition: any } }
    pre_start: [{ command: [prepare] }]
  other: { image: "db:1" }
  extra: { image: "stays:1", profiles: [more] }
volumes: { data: {} }
networks: { default: { ipam: { config: [{ subnet: 10.9.8.0/24 }] } } }
`

function inLab(name: string, body: (lab: Lab) => Promise<void>, stack = STACK): void {
  test(name, async () => {
    await withLab({ 'stack.yaml': stack }, { images: IMAGES }, body)
  })
}

async function oneOffs({ engine }: Lab): Promise<ContainerSummary[]> {
  const all = await engine.listContainers({ labels: [`${COMPOSE.project}=shop`] })
  return all.filter(({ labels }) => labels[COMPOSE.oneoff] === 'True')
}

/** What the engine was asked to create under a name. */
function asked({ engine }: Lab, name: string): ContainerSpec {
  const call = engine.calls.find(({ method, args }) => method === 'createContainer' && args[0] === name)
  if (!call) throw new Error(`nobody asked for ${name}`)
  return call.args[1] as ContainerSpec
}

async function names({ engine }: Lab): Promise<string[]> {
  const all = await engine.listContainers({ labels: [`${COMPOSE.project}=shop`] })
  return all.map(({ name }) => name.replace(/[0-9a-f]{12}$/, 'ID')).sort()
}

inLab("what it depends on is up first, and nothing else; its words and exit code are the container's", async (own) => {
  const { code, out, err } = await own.run('run', 'web')
  assert.is(code, 7)
  assert.is(out, 'one\n')
  assert.match(err, /db-1 +ready[\s\S]*two\n$/)
  assert.equal(await names(own), ['shop-db-1', 'shop-web-run-ID'])
})

inLab('with what it needs there, not a word but its own', async (own) => {
  await own.run('run', '--rm', 'web')
  await own.engine.clock.sleep(2000)
  assert.equal(await own.run('run', '--rm', 'web'), { code: 7, out: 'one\n', err: 'two\n' })
  assert.equal(await names(own), ['shop-db-1'], '--rm removes it')
})

inLab('it is one more container, which is not taken for the service, and which is not started again', async (own) => {
  await own.run('run', '--no-deps', 'web')
  const [container] = await oneOffs(own)
  const detail = await own.engine.inspectContainer(container?.id ?? '')
  if (!detail) return assert.unreachable()
  const { name, spec, labels, networks } = detail
  assert.match(name, /^shop-web-run-[0-9a-f]{12}$/)
  assert.is(labels[COMPOSE.slug]?.slice(0, 12), name.slice(-12))
  assert.is(labels[COMPOSE.service], 'web')
  assert.not(COMPOSE.number in labels)
  assert.equal(spec.HostConfig.PortBindings ?? {}, {})
  assert.not.equal(spec.HostConfig.RestartPolicy?.Name, 'always')
  const aliases = Object.values(networks).flatMap((each) => each.aliases)
  assert.ok(!aliases.includes('web') && !aliases.includes('www'), aliases.join(', '))
  assert.not(Object.values(networks).some((each) => each.ipv4))
  assert.equal(await names(own), ['shop-web-run-ID'], 'no container of a hook, and no dependency')
})

inLab('two of them, and the service itself, get along', async (own) => {
  await own.run('up', '-d')
  await own.run('run', 'web')
  await own.run('run', 'web')
  assert.equal(await names(own), ['shop-db-1', 'shop-other-1', 'shop-web-run-ID', 'shop-web-run-ID', 'the-web'])
  const again = await own.run('plan')
  assert.not.match(again.out, /run-/)
})

inLab('flags win over what the service declares', async (own) => {
  const flags = [
    ...['-e', 'B=3', '-e', 'C=4', '-l', 'role=back', '-l', 'x=y=z', '-u', '5', '-w', '/w', '--name', 'mine'],
    ...['-v', 'own:/data:ro', '-v', './here:/here', '-p', '9090:90', '--use-aliases', '--entrypoint', 'sh -c "a b"'],
    ...['--cap-add', 'NET_ADMIN', '--cap-drop', 'ALL', '--rm', '-d'],
  ]
  const { code, out } = await own.run('run', ...flags, 'web', 'x', '-d', '--', '-y')
  assert.is(code, 0)
  const spec = asked(own, 'mine')
  assert.match(out, /^[0-9a-f]{64}\n$/)
  assert.equal(spec.Env, ['A=1', 'B=3', 'C=4'])
  assert.equal([spec.User, spec.WorkingDir], ['5', '/w'])
  assert.equal(
    [spec.Entrypoint, spec.Cmd],
    [
      ['sh', '-c', 'a b'],
      ['x', '-d', '--', '-y'],
    ],
  )
  assert.equal([spec.Labels?.role, spec.Labels?.x], ['back', 'y=z'])
  const host = spec.HostConfig
  assert.equal(host.Mounts, [
    { Type: 'volume', Target: '/cache' },
    { Type: 'volume', Target: '/data', Source: 'own', ReadOnly: true },
  ])
  assert.equal(host.Binds, [`${own.directory}/here:/here:rw`])
  assert.equal(Object.keys(host.PortBindings ?? {}), ['90/tcp'])
  assert.equal([host.CapAdd, host.CapDrop, host.AutoRemove], [['CAP_NET_ADMIN'], ['ALL'], true])
  const [endpoint] = Object.values(spec.NetworkingConfig?.EndpointsConfig ?? {})
  assert.equal(endpoint?.Aliases, ['mine', 'web', 'www'])
  assert.is(endpoint?.IPAMConfig?.IPv4Address, '10.9.8.7')
})

inLab('variables of files come before those of flags, and after those of the service', async (own) => {
  own.write({ 'a.env': 'A=file\nC=file\nD=file\n', 'b.env': 'D=second\n' })
  const files = ['--env-from-file', 'a.env', '--env-from-file', 'b.env']
  await own.run('run', '-d', '--no-deps', '--name', 'mine', ...files, '-e', 'C=flag', '-e', 'NOWHERE', 'web')
  assert.equal(asked(own, 'mine').Env, ['A=file', 'B=2', 'C=flag', 'D=second'])
})

inLab(
  'a service that a program provides has no containers',
  async (own) => {
    const { code, err } = await own.run('run', 'model')
    assert.is(code, 1)
    assert.match(err, /"model" has no containers/)
  },
  `name: shop\nservices: { model: { provider: { type: something } } }\n`,
)

inLab('--service-ports publishes what is declared', async (own) => {
  await own.run('run', '-P', '--no-deps', '-d', 'web')
  const [container] = await oneOffs(own)
  const detail = await own.engine.inspectContainer(container?.id ?? '')
  assert.equal(detail?.spec.HostConfig.PortBindings?.['80/tcp']?.[0]?.HostPort, '8080')
})

inLab('a service behind a profile is meant by its name', async (own) => {
  assert.is((await own.run('run', '-d', 'extra')).code, 0)
  assert.equal(await names(own), ['shop-extra-run-ID'])
})

inLab(
  'a failed dependency is reported, and nothing is left of the container',
  async (own) => {
    const { code, out, err } = await own.run('run', 'web')
    assert.equal([code, out], [1, ''])
    assert.match(err, /db/)
    assert.equal(await oneOffs(own), [])
  },
  STACK.replace('db:1', 'db:sick'),
)

inLab(
  'a command that is not there: 127, as in a shell, and nothing is left',
  async (own) => {
    const { code, err } = await own.run('run', '--no-deps', 'web')
    assert.is(code, 127)
    assert.match(err, /executable file not found/)
    assert.equal(await oneOffs(own), [])
  },
  STACK.replace('web:1', 'none:1'),
)

inLab('a dry run shows the plan and touches nothing', async (own) => {
  const { code, out } = await own.run('--dry-run', 'run', '--rm', 'web')
  assert.is(code, 0)
  assert.match(out, /db-1[\s\S]*shop-web-run-[0-9a-f]{12} +create, attach, start/)
  assert.equal(await names(own), [])
})

const REFUSED: [argv: string[], part: RegExp][] = [
  [['wbe'], /unknown service "wbe"/],
  [['-P', '-p', '80', 'web'], /--publish and --service-ports exclude each other/],
  [['-l', 'x', 'web'], /NAME=VALUE/],
  [['-v', 'a::b', 'web'], /--volume: .*empty part/],
  [['-p', 'x', 'web'], /--publish: /],
  [['--entrypoint', "sh 'x", 'web'], /unclosed quote/],
  [['--env-from-file', 'nowhere', 'web'], /nowhere/],
  [['--name', 'shop-other-1', 'web'], /"shop-other-1" is taken by a container of service "other"/],
]

for (const [argv, part] of REFUSED) {
  inLab(`run ${argv.join(' ')} is refused, and nothing is touched`, async (own) => {
    await own.run('up', '-d', 'other')
    const { code, err } = await own.run('run', ...argv)
    assert.is(code, 1)
    assert.match(err, part)
    assert.equal(await names(own), ['shop-other-1'])
  })
}

inLab('what a killed run created and never started is removed by the next', async (own) => {
  own.engine.hooks.before = ({ method, args }) => {
    if (method === 'startContainer' || method === 'removeContainer') throw new Error(`killed before ${args[0]}`)
  }
  await own.run('run', '--no-deps', 'web')
  delete own.engine.hooks.before
  const [left] = await oneOffs(own)
  assert.is(left?.state, 'created')
  await own.run('run', '--rm', '--no-deps', 'web')
  assert.equal(await names(own), [])
})

inLab('names are joined as everywhere else under --compatibility', async (own) => {
  await own.run('--compatibility', 'run', '-d', '--no-deps', 'other')
  assert.ok((await names(own)).includes('shop_other_run_ID'))
})

test.run()
