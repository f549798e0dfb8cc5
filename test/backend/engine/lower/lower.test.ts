import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type EngineHost, HERE } from '../../../../src/backend/docker/host-paths.ts'
import { lower } from '../../../../src/backend/engine/lower/lower.ts'
import type { Service } from '../../../../src/stack/model.ts'
import { stackOf } from '../../support.ts'

/**
 * What the engine of test/live/lifecycle/attributes.test.ts is too old for, or its kernel discards: there the create call itself is looked at.
 * The rest of the table is held there, by what an engine keeps.
 */
interface Row {
  service: Service
  /** A dotted path in the create call's body. */
  body: string
  is: unknown
  api?: number
  engineHost?: Partial<EngineHost>
}

const two = { networks: { a: { priority: 1 }, b: null } }
const mounted = (more: object) => ({ volumes: [{ type: 'bind', source: '/x', target: '/y', ...more }] }) as Service

const ROWS: Row[] = [
  { service: { blkio_config: { weight: 300 } }, body: 'HostConfig.BlkioWeight', is: 300 },
  {
    service: { blkio_config: { weight_device: [{ path: '/dev/sda', weight: 400 }] } },
    body: 'HostConfig.BlkioWeightDevice',
    is: [{ Path: '/dev/sda', Weight: 400 }],
  },
  { service: { cpu_percent: 50 }, body: 'HostConfig.CpuPercent', is: 50 },
  { service: { cpu_rt_period: '1400us' }, body: 'HostConfig.CpuRealtimePeriod', is: 1400 },
  { service: { cpu_rt_runtime: '400ms' }, body: 'HostConfig.CpuRealtimeRuntime', is: 400_000 },
  {
    service: { cap_add: ['sys_ptrace', 'CAP_NET_ADMIN', 'NET_ADMIN'] },
    body: 'HostConfig.CapAdd',
    is: ['CAP_NET_ADMIN', 'CAP_SYS_PTRACE'],
  },
  { service: { cap_drop: ['kill', 'ALL'] }, body: 'HostConfig.CapDrop', is: ['ALL', 'CAP_KILL'] },
  { service: { storage_opt: { size: '1G' } }, body: 'HostConfig.StorageOpt', is: { size: '1G' } },
  {
    service: { credential_spec: { file: 'my.json' } },
    engineHost: { os: 'windows' },
    body: 'HostConfig.SecurityOpt',
    is: ['credentialspec=file://my.json'],
  },
  {
    service: { credential_spec: { registry: 'key' }, security_opt: ['a=b'] },
    engineHost: { os: 'windows' },
    body: 'HostConfig.SecurityOpt',
    is: ['credentialspec=registry://key', 'a=b'],
  },
  { service: { credential_spec: { file: 'my.json' } }, body: 'HostConfig.SecurityOpt', is: undefined },
  { service: { annotations: { a: 'b' } }, api: 143, body: 'HostConfig.Annotations', is: { a: 'b' } },
  { service: { annotations: { a: 'b' } }, api: 142, body: 'HostConfig.Annotations', is: undefined },
  { service: { healthcheck: { start_interval: '1s' } }, api: 144, body: 'Healthcheck.StartInterval', is: 1e9 },
  { service: { healthcheck: { start_interval: '1s' } }, api: 143, body: 'Healthcheck.StartInterval', is: undefined },
  {
    service: { devices: [{ source: 'vendor.com/gpu=all' }, { source: '/dev/x', target: '/dev/y', permissions: 'r' }] },
    body: 'HostConfig.DeviceRequests',
    is: [{ Driver: 'cdi', DeviceIDs: ['vendor.com/gpu=all'] }],
  },
  {
    service: { devices: [{ source: 'vendor.com/gpu=all' }, { source: '/dev/x', target: '/dev/y', permissions: 'r' }] },
    body: 'HostConfig.Devices',
    is: [{ PathOnHost: '/dev/x', PathInContainer: '/dev/y', CgroupPermissions: 'r' }],
  },
  {
    service: { volumes: [{ type: 'volume', source: 'v', target: '/v', volume: { subpath: 'in' } }] },
    body: 'HostConfig.Mounts',
    is: [{ Type: 'volume', Source: 'lab_v', Target: '/v', VolumeOptions: { Subpath: 'in' } }],
  },
  {
    service: { volumes: [{ type: 'image', source: 'other:1', target: '/i', image: { subpath: 'in' } }] },
    body: 'HostConfig.Mounts',
    is: [{ Type: 'image', Source: 'other:1', Target: '/i', ImageOptions: { Subpath: 'in' } }],
  },
  {
    service: mounted({ bind: { recursive: 'readonly', create_host_path: true }, read_only: true }),
    body: 'HostConfig.Mounts.0',
    is: {
      Type: 'bind',
      Target: '/y',
      Source: '/x',
      ReadOnly: true,
      BindOptions: { CreateMountpoint: true, ReadOnlyForceRecursive: true },
    },
  },
  {
    service: mounted({ bind: { recursive: 'writable' } }),
    body: 'HostConfig.Mounts.0.BindOptions',
    is: { ReadOnlyNonRecursive: true },
  },
  {
    service: {
      volumes: [{ type: 'volume', source: 'v', target: '/v', bind: { selinux: 'z' }, volume: { nocopy: true } }],
    },
    body: 'HostConfig.Binds',
    is: ['lab_v:/v:rw,z,nocopy'],
  },
  { service: { platform: 'linux/arm64' }, body: 'platform', is: 'linux/arm64' },
  { service: { ...two, mac_address: '02:00' }, api: 144, body: 'endpoints.a.MacAddress', is: '02:00' },
  { service: { ...two, mac_address: '02:00' }, api: 144, body: 'endpoints.b.MacAddress', is: undefined },
  { service: { ...two, mac_address: '02:00' }, api: 144, body: 'MacAddress', is: undefined },
  { service: { ...two, mac_address: '02:00' }, api: 143, body: 'MacAddress', is: '02:00' },
  { service: { networks: { a: { mac_address: '02:01' } } }, api: 143, body: 'MacAddress', is: '02:01' },
  { service: { networks: { a: { mac_address: '02:01' } } }, api: 144, body: 'endpoints.a.MacAddress', is: '02:01' },
  { service: { networks: { a: { gw_priority: 3 } } }, api: 148, body: 'endpoints.a.GwPriority', is: 3 },
  { service: { networks: { a: { gw_priority: 3 } } }, api: 147, body: 'endpoints.a.GwPriority', is: undefined },
  {
    service: { networks: { a: { interface_name: 'lan', driver_opts: { x: 'y' } } } },
    api: 149,
    body: 'endpoints.a.DriverOpts',
    is: { x: 'y', 'com.docker.network.endpoint.ifname': 'lan' },
  },
  { service: { networks: { a: { interface_name: 'lan' } } }, api: 148, body: 'endpoints.a.DriverOpts', is: undefined },
  {
    service: { network_mode: 'bridge', links: ['db:sql'], external_links: ['far'] },
    body: 'HostConfig.Links',
    is: ['lab-db-1:sql', 'far'],
  },
  {
    service: { restart: 'always', deploy: { restart_policy: { condition: 'none' } } },
    body: 'HostConfig.RestartPolicy',
    is: { Name: 'no', MaximumRetryCount: 0 },
  },
  {
    service: { deploy: { restart_policy: { max_attempts: 3 } } },
    body: 'HostConfig.RestartPolicy',
    is: { Name: 'always', MaximumRetryCount: 0 },
  },
  {
    service: { use_api_socket: true },
    engineHost: { socket: '/run/user/7/docker.sock' },
    body: 'HostConfig.Binds',
    is: ['/run/user/7/docker.sock:/var/run/docker.sock:rw'],
  },
  { service: { use_api_socket: true }, body: 'Env', is: ['DOCKER_CONFIG=/run/secrets/docker'] },
  {
    service: { use_api_socket: true, environment: { DOCKER_CONFIG: '/mine' } },
    body: 'Env',
    is: ['DOCKER_CONFIG=/mine'],
  },
]

for (const { service, body, is, api = 141, engineHost } of ROWS) {
  test(`${JSON.stringify(service)} with API ${api}`, () => {
    const stack = stackOf({ services: { web: service, db: {} }, volumes: { v: { name: 'lab_v' } } })
    const { web = {} } = stack.services
    const lowered = lower({ stack, name: 'web', service: web, index: 1, api, engineHost: { ...HERE, ...engineHost } })
    const { spec, platform } = lowered
    const endpoints = Object.fromEntries(lowered.endpoints)
    const found = body
      .split('.')
      .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], {
        ...spec,
        platform,
        endpoints,
      })
    assert.equal(found, is)
  })
}

test.run()
