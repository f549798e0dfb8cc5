import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { OURS } from '../../../../src/backend/docker/labels.ts'
import { ROWS } from '../../../../src/backend/engine/lower/lower.ts'
import { UP } from '../../../../src/backend/intent.ts'
import type { HostConfig } from '../../../../src/docker/spec.ts'
import type { FieldChange } from '../../../../src/plan/step.ts'
import type { Attachment, Mount, Service, Stack } from '../../../../src/stack/model.ts'
import { memoryEngine } from '../../../support/memory-engine.ts'
import { stackOf } from '../../support.ts'
import { planFor, up } from '../carry-out.ts'

/**
 * Every attribute that becomes part of a container, without a fingerprint: what was made as declared differs in nothing; each change of
 * one attribute is noticed, reported under its path in the stack file, in the file's words.
 */
interface Row {
  /** The path under which it is reported. */
  path: string
  from: Service
  to: Service
  /** As they are reported; by default what the file says. */
  reported?: [unknown, unknown]
  /** Left out, it is what engines do by themselves. */
  unseen?: true
  /** With a fingerprint, it is reported by its name alone. */
  byName?: true
}

const row = (key: keyof Service & string, from: unknown, to: unknown, more: Partial<Row> = {}): Row => ({
  path: key,
  from: { [key]: from },
  to: { [key]: to },
  reported: [from, to],
  ...more,
})
const inside = (key: string, inner: string, from: unknown, to: unknown, rest: object = {}): Row =>
  row(key, { ...rest, [inner]: from }, { ...rest, [inner]: to }, { path: `${key}.${inner}`, reported: [from, to] })
const joined = (key: keyof Attachment, from: unknown, to: unknown): Row => ({
  path: `networks.back.${key}`,
  from: { networks: { back: { [key]: from } } },
  to: { networks: { back: { [key]: to } } },
  reported: [from, to],
})
const resources = (kind: string, key: string, from: unknown, to: unknown): Row => ({
  path: `deploy.resources.${kind}.${key}`,
  from: { deploy: { resources: { [kind]: { [key]: from } } } },
  to: { deploy: { resources: { [kind]: { [key]: to } } } },
  reported: [from, to],
})
const mounted = (from: Mount, to: Mount, reported: [string, string]): Row => ({
  ...row('volumes', [from], [to]),
  reported: [[reported[0]], [reported[1]]],
})
const TEST = { test: ['CMD', 'true'] }
const bind = (more: Partial<Mount>): Mount => ({ type: 'bind', source: '/a', target: '/b', ...more })
const volume = (more: Partial<Mount>): Mount => ({ type: 'volume', source: 'data', target: '/d', ...more })
const memory = (more: Mount['tmpfs']): Mount => ({ type: 'tmpfs', target: '/t', tmpfs: more ?? {} })
const rate = (key: string, from: string, to: string): Row => ({
  ...inside('blkio_config', key, [{ path: '/dev/a', rate: from }], [{ path: '/dev/a', rate: to }]),
  reported: [[`/dev/a=${from}`], [`/dev/a=${to}`]],
})

const TABLE: Row[] = [
  row('image', 'app:1', 'lean:1', { unseen: true }),
  row('command', ['a'], ['b', 'c']),
  row('entrypoint', ['a'], ['b']),
  inside('environment', 'REV', '1', '2'),
  inside('labels', 'a', '1', '2'),
  row('annotations', { a: '1' }, { a: '2' }, { path: 'annotations.a', reported: ['1', '2'] }),
  row('container_name', 'one', 'two'),
  row('user', 'a', 'b'),
  row('working_dir', '/a', '/b'),
  row('hostname', 'a', 'b'),
  row('domainname', 'a.org', 'b.org'),
  row('tty', true, false, { reported: [true, undefined] }),
  row('stdin_open', true, false, { reported: [true, undefined] }),
  row('init', true, false, { reported: [true, undefined] }),
  row('privileged', true, false, { reported: [true, undefined] }),
  row('read_only', true, false, { reported: [true, undefined] }),
  row('oom_kill_disable', true, false, { reported: [true, undefined] }),
  row('stop_signal', 'SIGINT', 'SIGQUIT'),
  inside('healthcheck', 'test', ['CMD', 'a'], ['CMD-SHELL', 'b']),
  inside('healthcheck', 'interval', '5s', '1m30s', TEST),
  inside('healthcheck', 'timeout', '500ms', '1m', TEST),
  inside('healthcheck', 'retries', 1, 2, TEST),
  inside('healthcheck', 'start_period', '1h', '2h', TEST),
  inside('healthcheck', 'start_interval', '1s', '2s', TEST),
  row('healthcheck', { disable: true }, TEST, { path: 'healthcheck.disable', reported: [true, undefined] }),
  row('ports', [{ target: 80, published: '8001' }], [{ target: 80, published: '8002', host_ip: '127.0.0.1' }], {
    reported: [['8001:80'], ['127.0.0.1:8002:80']],
  }),
  row('expose', ['80'], ['81', '82-83/udp'], { reported: [['80'], ['81', '82/udp', '83/udp']] }),
  row('network_mode', 'host', 'none'),
  row('network_mode', 'service:one', 'service:two'),
  row('ipc', 'service:one', 'service:two'),
  row('ipc', 'host', 'shareable'),
  row('pid', 'service:one', 'host'),
  row('uts', 'host', undefined),
  row('cgroup', 'private', 'host', { unseen: true }),
  row('cgroup_parent', '/a', '/b'),
  row('userns_mode', 'host', undefined),
  row('isolation', 'process', 'hyperv'),
  row('runtime', 'kata', 'runsc'),
  row('dns', ['1.1.1.1'], ['9.9.9.9']),
  row('dns_opt', ['ndots:1'], ['ndots:2']),
  row('dns_search', ['a.org'], ['b.org']),
  row('extra_hosts', ['a:10.0.0.1'], ['a:10.0.0.2']),
  row('mac_address', '02:42:ac:11:65:43', '02:42:ac:11:65:44', {
    ...{ path: 'networks.default.mac_address', unseen: true, byName: true },
  }),
  row('links', ['one'], ['one:other'], { reported: [['one:one'], ['one:other']] }),
  row('external_links', ['far:a'], ['far:b'], { path: 'links' }),
  joined('aliases', ['a'], ['b', 'c']),
  joined('ipv4_address', '10.9.0.8', '10.9.0.9'),
  joined('ipv6_address', 'fd00::8', 'fd00::9'),
  joined('link_local_ips', ['169.254.8.8'], ['169.254.8.9']),
  joined('mac_address', '02:42:ac:11:65:43', '02:42:ac:11:65:44'),
  joined('gw_priority', 1, 2),
  joined('interface_name', 'lan0', 'lan1'),
  { ...joined('driver_opts', { a: '1' }, { a: '2' }), path: 'networks.back.driver_opts.a', reported: ['1', '2'] },
  row('networks', { back: null }, { default: null }, { path: 'networks.back', reported: [{}, undefined] }),
  row(
    'networks',
    { back: { priority: 1 }, default: null },
    { back: null, default: { priority: 1 } },
    {
      ...{ path: 'networks.default.priority', byName: true, reported: ['after back', 'before back'] },
    },
  ),
  mounted(bind({}), bind({ read_only: true }), ['/a:/b', '/a:/b:ro']),
  mounted(bind({ bind: { selinux: 'z' } }), bind({ bind: { selinux: 'Z' } }), ['/a:/b:z', '/a:/b:Z']),
  mounted(bind({}), bind({ bind: { propagation: 'rslave' } }), ['/a:/b', '/a:/b:rslave']),
  mounted(bind({}), bind({ bind: { recursive: 'disabled' } }), ['/a:/b', '/a:/b:recursive=disabled']),
  mounted(bind({}), bind({ source: '/c' }), ['/a:/b', '/c:/b']),
  mounted(volume({}), volume({ volume: { nocopy: true } }), ['lab_data:/d', 'lab_data:/d:nocopy']),
  mounted(volume({}), volume({ volume: { subpath: 'in' } }), ['lab_data:/d', 'lab_data:/d:subpath=in']),
  mounted({ type: 'volume', target: '/x' }, { type: 'volume', target: '/y' }, ['/x', '/y']),
  mounted(memory({ size: '1m' }), memory({ size: '2m' }), ['/t:size=1m,tmpfs', '/t:size=2m,tmpfs']),
  mounted(memory({ mode: 0o755 }), memory({ mode: 0o700 }), ['/t:mode=755,tmpfs', '/t:mode=700,tmpfs']),
  row('volumes_from', ['one'], ['two']),
  row('tmpfs', ['/a'], ['/a:size=1m']),
  row('storage_opt', { size: '1G' }, { size: '2G' }, { path: 'storage_opt.size', reported: ['1G', '2G'] }),
  row('secrets', [{ source: 'one', target: 's' }], [{ source: 'two', target: 's' }], {
    ...{ path: 'volumes', byName: true, reported: [['/one:/run/secrets/s:ro'], ['/two:/run/secrets/s:ro']] },
  }),
  row('configs', [{ source: 'one', target: '/s' }], [{ source: 'two', target: '/s' }], {
    ...{ path: 'volumes', byName: true, reported: [['/one:/s:ro'], ['/two:/s:ro']] },
  }),
  row('use_api_socket', true, false, {
    path: 'volumes',
    reported: [['/var/run/docker.sock:/var/run/docker.sock'], undefined],
  }),
  row('cap_add', ['NET_ADMIN'], ['SYS_TIME']),
  row('cap_drop', ['NET_ADMIN'], ['SYS_TIME']),
  row('security_opt', ['label:disable'], ['no-new-privileges:true']),
  row('security_opt', ['systempaths=unconfined'], ['label:disable']),
  row('group_add', ['1'], ['2']),
  row('devices', [{ source: '/dev/a', target: '/dev/b', permissions: 'r' }], [{ source: '/dev/c' }], {
    reported: [['/dev/a:/dev/b:r'], ['/dev/c:/dev/c:rwm']],
  }),
  row('device_cgroup_rules', ['c 1:3 mr'], ['c 1:3 rwm']),
  row('gpus', [{ count: 1 }], [{ count: 'all', driver: 'nvidia' }], { reported: [['1 gpu'], ['nvidia all gpu']] }),
  {
    ...resources(
      'reservations',
      'devices',
      [{ capabilities: ['nic'], count: 1 }],
      [{ capabilities: ['nic'], count: 2 }],
    ),
    reported: [['1 nic'], ['2 nic']],
  },
  inside('blkio_config', 'weight', 10, 20),
  {
    ...inside('blkio_config', 'weight_device', [{ path: '/a', weight: 1 }], [{ path: '/a', weight: 2 }]),
    reported: [['/a=1'], ['/a=2']],
  },
  rate('device_read_bps', '1m', '2m'),
  rate('device_write_bps', '1m', '2m'),
  rate('device_read_iops', '1', '2'),
  rate('device_write_iops', '1', '2'),
  row('restart', 'always', 'on-failure:3'),
  {
    path: 'deploy.restart_policy.max_attempts',
    from: { deploy: { restart_policy: { condition: 'on-failure', max_attempts: 1 } } },
    to: { deploy: { restart_policy: { condition: 'on-failure', max_attempts: 2 } } },
    reported: [1, 2],
  },
  row('mem_limit', '64m', '1536k'),
  row('mem_reservation', '64m', '1g'),
  resources('limits', 'memory', '64m', '128m'),
  resources('limits', 'cpus', '0.5', '0.25'),
  resources('limits', 'pids', 10, 20),
  resources('reservations', 'memory', '64m', '128m'),
  row('memswap_limit', '64m', '-1'),
  row('mem_swappiness', 10, 20),
  row('cpus', 0.5, 1.5),
  row('cpu_count', 1, 2),
  row('cpu_percent', 10, 20),
  row('cpu_period', '50000', '60000', { reported: [50000, 60000] }),
  row('cpu_quota', '50000', '60000', { reported: [50000, 60000] }),
  row('cpu_rt_period', '50000', '60000', { reported: [50000, 60000] }),
  row('cpu_rt_runtime', '50000', '60000', { reported: [50000, 60000] }),
  row('cpu_shares', 512, 256),
  row('cpuset', '0', '0-1'),
  row('oom_score_adj', 100, -100),
  row('pids_limit', 10, 20),
  row('shm_size', '128m', '1g'),
  row('sysctls', { a: '1' }, { a: '2' }, { path: 'sysctls.a', reported: ['1', '2'] }),
  row('ulimits', { nofile: 10 }, { nofile: 20 }, { path: 'ulimits.nofile', reported: [10, 20] }),
  inside('logging', 'driver', 'local', 'journald'),
  row(
    'logging',
    { options: { 'max-size': '1m' } },
    { options: { 'max-size': '2m' } },
    {
      ...{ path: 'logging.options.max-size', reported: ['1m', '2m'] },
    },
  ),
]

const ELSEWHERE: Record<string, string> = {
  stop_grace_period: 'it recreates nothing',
  credential_spec: 'Windows; read as security_opt',
  deploy: 'row by row',
}

test('every attribute that becomes part of a container is in the table', () => {
  const covered = new Set(TABLE.flatMap(({ from }) => Object.keys(from)))
  const missing = Object.keys(ROWS).filter((key) => !covered.has(key) && !(key in ELSEWHERE))
  assert.equal(missing, [])
})

const api = { apiVersion: '1.49', images: { 'app:1': { cmd: ['run'], user: 'me', workingDir: '/srv' }, 'lean:1': {} } }

function stackWith(service: Service): Stack {
  return stackOf({
    services: { one: {}, two: {}, web: service },
    networks: {
      default: { name: 'lab_default' },
      back: { name: 'lab_back', ipam: { config: [{ subnet: '10.9.0.0/24' }] } },
    },
    volumes: { data: { name: 'lab_data' } },
    secrets: { one: { name: 'one', file: '/one' }, two: { name: 'two', file: '/two' } },
    configs: { one: { name: 'one', file: '/one' }, two: { name: 'two', file: '/two' } },
  })
}

/** What engines fill in by themselves. */
const FILLED_IN: HostConfig = {
  ShmSize: 64 * 1024 ** 2,
  LogConfig: { Type: 'json-file', Config: {} },
  IpcMode: 'private',
  CgroupnsMode: 'host',
  Runtime: 'runc',
  ...{ PidMode: '', UTSMode: '', UsernsMode: '', Isolation: '', CgroupParent: '', CpusetCpus: '' },
  ...{ OomScoreAdj: 0, Memory: 0, MemorySwap: 0, NanoCpus: 0, CpuShares: 0, OomKillDisable: false, Privileged: false },
}

/** An engine on which a stack is up, made by a tool that knows no fingerprints. */
async function madeBySomeone(stack: Stack) {
  const engine = memoryEngine(api)
  assert.ok((await up(engine, stack)).ok)
  for (const { spec } of engine.world.containers.values()) {
    delete spec.Labels?.[OURS.fingerprint]
    delete spec.Labels?.[OURS.shares]
    const { LogConfig: log, ...host } = spec.HostConfig
    const LogConfig = { Type: log?.Type || 'json-file', Config: log?.Config ?? {} }
    spec.HostConfig = { ...FILLED_IN, ...host, LogConfig, MemorySwap: host.MemorySwap ?? 2 * (host.Memory ?? 0) }
  }
  return engine
}

async function changes(engine: Awaited<ReturnType<typeof madeBySomeone>>, service: Service): Promise<FieldChange[]> {
  const { steps } = await planFor(engine, stackWith(service), UP)
  const reported = steps.filter(({ subject }) => subject === 'container/web/1').flatMap((step) => step.changes ?? [])
  return [...new Map(reported.map((each) => [each.path, each])).values()]
}

for (const { path, from, to, reported, unseen, byName } of TABLE) {
  test(`${path}: ${JSON.stringify(Object.values(from)[0])} -> ${JSON.stringify(Object.values(to)[0])}`, async () => {
    const engine = await madeBySomeone(stackWith(from))
    assert.equal(await changes(engine, from), [])
    const found = (await changes(engine, to)).filter((each) => each.path === path)
    assert.equal(
      found.map((each) => [each.from, each.to]),
      [reported],
    )
    const [key = ''] = Object.keys(from)
    const left = await changes(engine, {})
    assert.is(left.length > 0, unseen !== true, `${key} is left out: ${JSON.stringify(left)}`)
    const ours = memoryEngine(api)
    await up(ours, stackWith(from))
    assert.equal(await changes(ours, from), [])
    const explained = (await changes(ours, to)).filter((each) => byName || each.path === path)
    assert.ok(explained.length > 0)
    for (const each of explained) assert.equal([each.from, each.to], byName ? [undefined, undefined] : reported)
    const plain = await madeBySomeone(stackWith({}))
    assert.equal(await changes(plain, {}), [])
    if (key !== 'image' && key !== 'cgroup') assert.ok((await changes(plain, from)).length > 0, `${key} is added`)
  })
}

test.run()
