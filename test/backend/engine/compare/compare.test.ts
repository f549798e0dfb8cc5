import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { OURS } from '../../../../src/backend/docker/labels.ts'
import { type Compared, compareByInspecting, explainChanges } from '../../../../src/backend/engine/compare/compare.ts'
import type { ContainerDetail, ImageDetail } from '../../../../src/docker/port.ts'
import type { ContainerSpec, HostConfig } from '../../../../src/docker/spec.ts'
import { stackOf } from '../../support.ts'

type Draft = Partial<Omit<ContainerSpec, 'HostConfig'>> & { host?: HostConfig }

const spec = ({ host = {}, ...own }: Draft): ContainerSpec => ({ Image: 'a', ...own, HostConfig: host })
const kept = (draft: Draft): ContainerDetail => {
  const unused = { image: 'a', imageId: 'a', oomKilled: false, error: '', restartCount: 0, networks: {}, mounts: [] }
  return { id: 'a', name: 'a', state: 'running', running: true, exitCode: 0, labels: {}, spec: spec(draft), ...unused }
}
const IMAGE: ImageDetail = {
  id: 'a',
  tags: [],
  digests: [],
  volumes: ['/data'],
  exposedPorts: [],
  env: ['PATH=/bin', 'LANG=C'],
  entrypoint: ['/entry'],
  cmd: ['serve'],
  user: 'app',
  workingDir: '/srv',
  healthcheck: ['CMD', 'ok'],
  labels: { maker: 'me' },
  os: 'linux',
  size: 0,
  architecture: 'amd64',
  layers: [],
  config: {},
}
const ANONYMOUS = 'a'.repeat(64)

const wanting = (draft: Draft, image: ImageDetail | undefined = IMAGE): Compared => ({
  wanted: { name: 'a', spec: spec(draft), endpoints: [] },
  names: { stack: stackOf({ services: { web: {} } }), service: 'web', observed: { containers: [], networks: [] } },
  image,
})

/** What differs between what the engine kept and what is wanted: the paths, in the words of the stack file. */
const CASES: [string, Draft, Draft, string[]][] = [
  ['nothing', {}, {}, []],
  ['the image', { Image: 'b' }, {}, ['image']],
  ['a variable', { Env: ['A=1', 'B=1'] }, { Env: ['A=2', 'B=1'] }, ['environment.A']],
  ['a variable with an equals sign in it', { Env: ['A=x=1'] }, { Env: ['A=x=2'] }, ['environment.A']],
  ['a variable that is declared no more', { Env: ['A=1', 'B=1'] }, { Env: ['B=1'] }, ['environment.A']],
  ['variables of the image', { Env: ['PATH=/bin', 'LANG=C'] }, {}, []],
  ["a variable that overrode the image's", { Env: ['PATH=/mine', 'B=1'] }, { Env: ['B=1'] }, ['environment.PATH']],
  ["the image's command", { Cmd: ['serve'] }, {}, []],
  ['a command of its own', { Cmd: ['work'] }, {}, ['command']],
  ["the image's entrypoint", { Entrypoint: ['/entry'] }, {}, []],
  ['an entrypoint of its own', { Entrypoint: ['/other'] }, { Entrypoint: ['/third'] }, ['entrypoint']],
  ["the image's user", { User: 'app' }, {}, []],
  ['another user', { User: 'root' }, { User: 'app' }, ['user']],
  ["the image's health test", { Healthcheck: { Test: ['CMD', 'ok'] } }, {}, []],
  [
    'an interval beside it',
    { Healthcheck: { Test: ['CMD', 'ok'], Interval: 1 } },
    { Healthcheck: { Interval: 2 } },
    ['healthcheck.interval'],
  ],
  ['a working directory that only the image has', { WorkingDir: '/srv' }, {}, []],
  ['a declared working directory', { WorkingDir: '/srv' }, { WorkingDir: '/app' }, ['working_dir']],
  [
    "labels of the image's and of tools",
    { Labels: { maker: 'me', 'com.docker.compose.project': 'x', 'io.flotilla.shares': 'y' } },
    {},
    [],
  ],
  ['a label', { Labels: { a: '1' } }, { Labels: { a: '2' } }, ['labels.a']],
  [
    'capabilities in either spelling',
    { host: { CapAdd: ['CAP_NET_ADMIN', 'SYS_TIME'] } },
    { host: { CapAdd: ['sys_time', 'NET_ADMIN'] } },
    [],
  ],
  ['a capability', { host: { CapAdd: ['NET_ADMIN'] } }, { host: { CapAdd: ['SYS_TIME'] } }, ['cap_add']],
  [
    'lists in another order',
    { host: { SecurityOpt: ['a', 'b'], GroupAdd: ['1', '2'] } },
    { host: { SecurityOpt: ['b', 'a'], GroupAdd: ['2', '1'] } },
    [],
  ],
  [
    'name servers in another order',
    { host: { Dns: ['1.1.1.1', '9.9.9.9'] } },
    { host: { Dns: ['9.9.9.9', '1.1.1.1'] } },
    ['dns'],
  ],
  [
    'no restart policy in either spelling',
    { host: { RestartPolicy: { Name: 'no', MaximumRetryCount: 0 } } },
    { host: { RestartPolicy: { Name: '', MaximumRetryCount: 0 } } },
    [],
  ],
  [
    'tries',
    { host: { RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 } } },
    { host: { RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 0 } } },
    ['restart'],
  ],
  [
    'ports in another order',
    {
      host: {
        PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '80' }], '81/tcp': [{ HostIp: '', HostPort: '81' }] },
      },
    },
    {
      host: {
        PortBindings: { '81/tcp': [{ HostIp: '', HostPort: '81' }], '80/tcp': [{ HostIp: '', HostPort: '80' }] },
      },
    },
    [],
  ],
  [
    'a port',
    { host: { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '80' }] } } },
    { host: { PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '80' }] } } },
    ['ports'],
  ],
  [
    "the image's volume, as a mount",
    { host: { Mounts: [{ Type: 'volume', Source: ANONYMOUS, Target: '/data' }] } },
    {},
    [],
  ],
  ["the image's volume, as a bind", { host: { Binds: [`${ANONYMOUS}:/data`] } }, {}, []],
  ['a volume that nobody named', { host: { Binds: [`${ANONYMOUS}:/own`] } }, {}, ['volumes']],
  [
    'a mount as a bind and as a mount',
    { host: { Binds: ['/a:/b:rw,rprivate'] } },
    { host: { Mounts: [{ Type: 'bind', Source: '/a', Target: '/b' }] } },
    [],
  ],
  ['a mount that is read only', { host: { Binds: ['/a:/b:ro'] } }, { host: { Binds: ['/a:/b:rw'] } }, ['volumes']],
  ['a limit', { host: { Memory: 1 } }, { host: { Memory: 2 } }, ['mem_limit']],
  ['a network mode that a tool resolved', { host: { NetworkMode: ANONYMOUS } }, {}, []],
  ['the network of the host', { host: { NetworkMode: 'host' } }, {}, ['network_mode']],
]

for (const [what, actual, wanted, paths] of CASES) {
  test(`compared: ${what}`, () => {
    const changes = compareByInspecting(wanting(wanted), kept(actual))
    assert.equal(changes.map((each) => each.path).sort(), paths)
  })
}

test('carried volumes are those without a name: of the image, or declared', () => {
  const mount = { Type: 'volume', Source: 'carried', Target: '/x' }
  const actual = kept({ Labels: { [OURS.carried]: 'carried' }, host: { Mounts: [mount] } })
  const declaring = { host: { Mounts: [{ Type: 'volume', Target: '/x' }] } }
  assert.equal(compareByInspecting(wanting({}, { ...IMAGE, volumes: ['/x'] }), actual), [])
  assert.equal(compareByInspecting(wanting(declaring), actual), [])
  assert.equal(compareByInspecting(wanting({}), actual), [{ path: 'volumes', from: ['/x'], to: undefined }])
})

test('where the image is gone, what it may have filled in is no declaration', () => {
  const filled = kept({
    ...{ Env: ['PATH=/bin', 'REV=1'], Cmd: ['serve'], User: 'app', WorkingDir: '/srv', Labels: { maker: 'me' } },
    ...{
      ExposedPorts: { '80/tcp': {} },
      Healthcheck: { Test: ['CMD', 'ok'] },
      host: { Binds: [`${ANONYMOUS}:/data`] },
    },
  })
  const gone = (draft: Draft): Compared => ({ ...wanting(draft), image: undefined })
  assert.equal(compareByInspecting(gone({ Env: ['REV=1'] }), filled), [])
  assert.equal(compareByInspecting(gone({ Env: ['REV=2'], User: 'root' }), filled), [
    { path: 'environment.REV', from: '1', to: '2' },
    { path: 'user', from: 'app', to: 'root' },
  ])
})

test('values of secret names are marked', () => {
  const changes = compareByInspecting(
    wanting({ Env: ['DB_PASSWORD=new', 'REV=2'] }),
    kept({ Env: ['DB_PASSWORD=old', 'REV=1'] }),
  )
  assert.equal(
    changes.map(({ path, secret }) => [path, secret ?? false]),
    [
      ['environment.DB_PASSWORD', true],
      ['environment.REV', false],
    ],
  )
})

test('changed paths are reported with their values, and by name alone where nothing reads them', () => {
  const wanted = wanting({ Env: ['REV=2'] })
  const reported = explainChanges(['environment', 'configs.a'], wanted, kept({ Env: ['REV=1', 'PATH=/bin'] }))
  assert.equal(reported, [
    { path: 'environment.REV', from: '1', to: '2' },
    { path: 'configs.a', from: undefined, to: undefined },
  ])
  assert.equal(explainChanges(['environment'], wanted, undefined), [
    { path: 'environment', from: undefined, to: { REV: '2' } },
  ])
})

test.run()
