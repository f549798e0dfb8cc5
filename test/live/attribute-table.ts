import { SCRATCH_IMAGE } from '../support/scratch-image.ts'

/** One attribute of a service: how it is written, and where and as what the engine keeps it. */
export interface Row {
  /** Its path in the schema, from a service on; `*` stands for keys and list members. */
  attribute: string
  yaml: Record<string, unknown>
  /** A dotted path in what the engine keeps of the container. */
  kept: string
  is: unknown
  /** The engine's API must be at least this, 1.44 being 144, or before `until`. */
  since?: number
  until?: number
}

/** What the services of the table refer to. `net` is the start of addresses that nobody else uses. */
export function resources(net: string): Record<string, unknown> {
  return {
    networks: {
      front: {
        driver: 'bridge',
        driver_opts: { 'com.docker.network.bridge.enable_icc': 'true' },
        attachable: true,
        internal: true,
        labels: { tier: 'front' },
        ipam: {
          driver: 'default',
          config: [
            {
              subnet: `${net}.0/24`,
              gateway: `${net}.1`,
              ip_range: `${net}.128/25`,
              aux_addresses: { printer: `${net}.200` },
            },
          ],
        },
      },
      back: {},
      six: { enable_ipv6: true, ipam: { config: [{ subnet: 'fd13:7::/64' }] } },
      default: {},
    },
    volumes: {
      data: { driver: 'local', driver_opts: { type: 'tmpfs', device: 'tmpfs', o: 'size=1m' }, labels: { keep: 'yes' } },
      plain: {},
    },
    secrets: { file: { file: './token' }, variable: { environment: 'SOME_TOKEN' }, owned: { file: './token' } },
    configs: { inline: { content: 'inline' }, file: { file: './setting' } },
  }
}

export const FILES: Record<string, string> = {
  token: 'of-a-file',
  setting: 'setting',
  'profile.json': '{\n  "defaultAction": "SCMP_ACT_ALLOW"\n}\n',
  '.env': 'SOME_TOKEN=of-a-variable\n',
  'some.env': 'FROM_FILE=1\n',
  labels: 'from=file\n',
}

const host = (attribute: string, yaml: unknown, kept: string, is: unknown): Row => ({
  attribute,
  yaml: { [attribute.split('.')[0] ?? '']: yaml },
  kept: `HostConfig.${kept}`,
  is,
})

const config = (attribute: string, yaml: unknown, kept: string, is: unknown): Row => ({
  attribute,
  yaml: { [attribute.split('.')[0] ?? '']: yaml },
  kept,
  is,
})

const mount = (attribute: string, yaml: unknown, is: unknown): Row =>
  host(`volumes.*.${attribute}`, [yaml], 'Mounts.0', is)

const bind = (attribute: string, yaml: unknown, is: string): Row =>
  host(`volumes.*.${attribute}`, [yaml], 'Binds.0', is)

const deploy = (path: string, value: unknown, kept: string, is: unknown): Row => ({
  attribute: `deploy.${path}`,
  yaml: { deploy: nested(path.split('.'), value) },
  kept: `HostConfig.${kept}`,
  is,
})

function nested([first = '', ...rest]: string[], value: unknown): Record<string, unknown> {
  return { [first]: rest.length > 0 ? nested(rest, value) : value }
}

const health = { test: ['CMD', 'true'] }
const onFront = (value: Record<string, unknown>) => ({ networks: { front: value, back: { priority: -1 } } })

/** Every attribute that an engine keeps. `FOLDER` in an expected value is the stack file's. */
export function table(net: string): Row[] {
  return [
    config('command', ['sleep', '7'], 'Cmd', ['sleep', '7']),
    config('domainname', 'example.org', 'Domainname', 'example.org'),
    config('entrypoint', ['/bin/sh', '-c'], 'Entrypoint', ['/bin/sh', '-c']),
    config('env_file', ['some.env'], 'Env.0', 'FROM_FILE=1'),
    config('env_file.*', [{ path: 'some.env', required: true, format: 'raw' }], 'Env.0', 'FROM_FILE=1'),
    config('environment', { ONE: '1' }, 'Env.0', 'ONE=1'),
    config('expose', ['7001', '7003-7004/udp'], 'ExposedPorts', { '7001/tcp': {}, '7003/udp': {}, '7004/udp': {} }),
    config('healthcheck.disable', { disable: true }, 'Healthcheck.Test', ['NONE']),
    config('healthcheck.interval', { ...health, interval: '1m30s' }, 'Healthcheck.Interval', 90e9),
    config('healthcheck.retries', { ...health, retries: 7 }, 'Healthcheck.Retries', 7),
    config('healthcheck.start_period', { ...health, start_period: '5s' }, 'Healthcheck.StartPeriod', 5e9),
    config('healthcheck.test', health, 'Healthcheck.Test', ['CMD', 'true']),
    config('healthcheck.timeout', { ...health, timeout: '3s' }, 'Healthcheck.Timeout', 3e9),
    config('hostname', 'somewhere', 'Hostname', 'somewhere'),
    config('image', SCRATCH_IMAGE, 'Image', SCRATCH_IMAGE),
    config('label_file', ['labels'], 'Labels.from', 'file'),
    config('labels', { colour: 'blue' }, 'Labels.colour', 'blue'),
    { ...config('mac_address', '02:42:ac:11:65:43', 'MacAddress', '02:42:ac:11:65:43'), until: 144 },
    config('stdin_open', true, 'OpenStdin', true),
    config('stop_grace_period', '1m30s', 'StopTimeout', 90),
    config('stop_signal', 'SIGUSR1', 'StopSignal', 'SIGUSR1'),
    config('tty', true, 'Tty', true),
    config('user', '65534:65534', 'User', '65534:65534'),
    config('working_dir', '/tmp', 'WorkingDir', '/tmp'),

    host('blkio_config.device_read_bps', rated('device_read_bps', '1mb'), 'BlkioDeviceReadBps', rates(1024 ** 2)),
    host('blkio_config.device_read_iops', rated('device_read_iops', 120), 'BlkioDeviceReadIOps', rates(120)),
    host(
      'blkio_config.device_write_bps',
      rated('device_write_bps', '2mb'),
      'BlkioDeviceWriteBps',
      rates(2 * 1024 ** 2),
    ),
    host('blkio_config.device_write_iops', rated('device_write_iops', 30), 'BlkioDeviceWriteIOps', rates(30)),
    host('cap_add', ['NET_ADMIN', 'cap_kill'], 'CapAdd', ['CAP_KILL', 'CAP_NET_ADMIN']),
    host('cap_drop', ['MKNOD'], 'CapDrop', ['CAP_MKNOD']),
    host('cgroup', 'private', 'CgroupnsMode', 'private'),
    host('cgroup_parent', '/flotilla-test', 'CgroupParent', '/flotilla-test'),
    host('cpu_count', 1, 'CpuCount', 1),
    host('cpu_period', 50_000, 'CpuPeriod', 50_000),
    host('cpu_quota', 25_000, 'CpuQuota', 25_000),
    host('cpu_shares', 512, 'CpuShares', 512),
    host('cpus', 0.5, 'NanoCpus', 5e8),
    host('cpuset', '0', 'CpusetCpus', '0'),
    deploy('resources.limits.cpus', '0.25', 'NanoCpus', 25e7),
    deploy('resources.limits.memory', '64m', 'Memory', 64 * 1024 ** 2),
    deploy('resources.limits.pids', 50, 'PidsLimit', 50),
    deploy('resources.reservations.devices', [{ capabilities: ['gpu'], count: 2, driver: 'some' }], 'DeviceRequests', [
      { Driver: 'some', Count: 2, DeviceIDs: null, Capabilities: [['gpu']], Options: null },
    ]),
    deploy(
      'resources.reservations.devices',
      [{ capabilities: ['nic'], device_ids: ['eth7'], options: { speed: 'fast' } }],
      'DeviceRequests',
      [{ Driver: '', Count: 0, DeviceIDs: ['eth7'], Capabilities: [['nic']], Options: { speed: 'fast' } }],
    ),
    deploy('resources.reservations.memory', '32m', 'MemoryReservation', 32 * 1024 ** 2),
    deploy('restart_policy', { condition: 'on-failure', max_attempts: 4 }, 'RestartPolicy', policy('on-failure', 4)),
    host('device_cgroup_rules', ['c 1:3 mr'], 'DeviceCgroupRules', ['c 1:3 mr']),
    host('devices.*', ['/dev/null:/dev/nothing:r'], 'Devices', [
      { PathOnHost: '/dev/null', PathInContainer: '/dev/nothing', CgroupPermissions: 'r' },
    ]),
    host('devices.*.source', [{ source: '/dev/zero', target: '/dev/nought', permissions: 'rw' }], 'Devices', [
      { PathOnHost: '/dev/zero', PathInContainer: '/dev/nought', CgroupPermissions: 'rw' },
    ]),
    host('dns', ['10.0.0.53'], 'Dns', ['10.0.0.53']),
    host('dns_opt', ['ndots:2'], 'DnsOptions', ['ndots:2']),
    host('dns_search', ['example.org'], 'DnsSearch', ['example.org']),
    host('extra_hosts', ['here:host-gateway', 'there=10.0.0.7'], 'ExtraHosts', ['here:host-gateway', 'there:10.0.0.7']),
    host('gpus', 'all', 'DeviceRequests', [
      { Driver: '', Count: -1, DeviceIDs: null, Capabilities: [['gpu']], Options: null },
    ]),
    host(
      'gpus.*',
      [{ capabilities: ['compute'], device_ids: ['GPU-1'], driver: 'nvidia', options: { virtualization: 'false' } }],
      'DeviceRequests',
      [
        {
          Driver: 'nvidia',
          Count: 0,
          DeviceIDs: ['GPU-1'],
          Capabilities: [['compute', 'gpu']],
          Options: { virtualization: 'false' },
        },
      ],
    ),
    host('gpus.*.count', [{ count: 2 }], 'DeviceRequests', [
      { Driver: '', Count: 2, DeviceIDs: null, Capabilities: [['gpu']], Options: null },
    ]),
    host('group_add', ['mail', '1001'], 'GroupAdd', ['mail', '1001']),
    host('init', true, 'Init', true),
    host('ipc', 'shareable', 'IpcMode', 'shareable'),
    host('isolation', 'default', 'Isolation', 'default'),
    host('logging', { driver: 'json-file', options: { 'max-size': '1m', 'max-file': 3 } }, 'LogConfig', {
      Type: 'json-file',
      Config: { 'max-size': '1m', 'max-file': '3' },
    }),
    host('mem_limit', '128m', 'Memory', 128 * 1024 ** 2),
    host('mem_reservation', '64m', 'MemoryReservation', 64 * 1024 ** 2),
    { ...host('mem_swappiness', 0, 'MemorySwappiness', 10), yaml: { mem_swappiness: 10 } },
    { ...host('memswap_limit', 0, 'MemorySwap', -1), yaml: { mem_limit: '64m', memswap_limit: -1 } },
    host('network_mode', 'none', 'NetworkMode', 'none'),
    host('oom_kill_disable', true, 'OomKillDisable', true),
    host('oom_score_adj', 100, 'OomScoreAdj', 100),
    host('pid', 'host', 'PidMode', 'host'),
    host('pids_limit', 40, 'PidsLimit', 40),
    host('ports', ['127.0.0.1::7002/udp'], 'PortBindings', { '7002/udp': [{ HostIp: '127.0.0.1', HostPort: '' }] }),
    host(
      'ports.*.published',
      [
        {
          name: 'p',
          target: 7005,
          published: '37005',
          host_ip: '127.0.0.2',
          protocol: 'udp',
          mode: 'host',
          app_protocol: 'dns',
        },
      ],
      'PortBindings',
      { '7005/udp': [{ HostIp: '127.0.0.2', HostPort: '37005' }] },
    ),
    host('privileged', true, 'Privileged', true),
    host('read_only', true, 'ReadonlyRootfs', true),
    host('restart', 'on-failure:3', 'RestartPolicy', policy('on-failure', 3)),
    host('runtime', 'runc', 'Runtime', 'runc'),
    host('security_opt', ['no-new-privileges:true', 'label:disable'], 'SecurityOpt', [
      'no-new-privileges:true',
      'label:disable',
    ]),
    host('security_opt', ['seccomp:./profile.json', 'apparmor=unconfined'], 'SecurityOpt', [
      'seccomp={"defaultAction":"SCMP_ACT_ALLOW"}',
      'apparmor=unconfined',
    ]),
    host('security_opt', ['systempaths=unconfined'], 'MaskedPaths', []),
    host('security_opt', ['systempaths=unconfined', 'seccomp=unconfined'], 'ReadonlyPaths', []),
    host('shm_size', '8m', 'ShmSize', 8 * 1024 ** 2),
    host('sysctls', { 'net.core.somaxconn': 1024 }, 'Sysctls', { 'net.core.somaxconn': '1024' }),
    host('tmpfs', ['/scratch:size=1m,mode=1777', '/other'], 'Tmpfs', { '/scratch': 'size=1m,mode=1777', '/other': '' }),
    host('ulimits', { nproc: 100, nofile: { soft: 10, hard: 20 } }, 'Ulimits', [
      { Name: 'nofile', Soft: 10, Hard: 20 },
      { Name: 'nproc', Soft: 100, Hard: 100 },
    ]),
    host('userns_mode', 'host', 'UsernsMode', 'host'),
    host('use_api_socket', true, 'Binds.0', '/var/run/docker.sock:/var/run/docker.sock:rw'),
    host('uts', 'host', 'UTSMode', 'host'),

    bind('bind.selinux', './some:/some:z', 'FOLDER/some:/some:rw,z'),
    bind(
      'bind.selinux',
      {
        type: 'bind',
        source: './some',
        target: '/some',
        read_only: true,
        bind: { create_host_path: true, selinux: 'Z' },
      },
      'FOLDER/some:/some:ro,Z',
    ),
    bind('bind.selinux', 'plain:/plain:z', 'PROJECT_plain:/plain:rw,z'),
    bind('read_only', './some:/some:ro', 'FOLDER/some:/some:ro'),
    bind(
      'bind.create_host_path',
      { type: 'bind', source: './made', target: '/made', bind: { create_host_path: true } },
      'FOLDER/made:/made:rw',
    ),
    mount('bind.propagation', ofBind({ propagation: 'rslave', create_host_path: false }), {
      ...keptBind,
      BindOptions: { Propagation: 'rslave' },
    }),
    mount('bind.recursive', ofBind({ recursive: 'disabled', create_host_path: false }), {
      ...keptBind,
      BindOptions: { NonRecursive: true },
    }),
    mount(
      'consistency',
      { ...ofBind({ create_host_path: false }), consistency: 'cached' },
      { ...keptBind, Consistency: 'cached' },
    ),
    mount('source', 'plain:/plain', { Type: 'volume', Source: 'PROJECT_plain', Target: '/plain' }),
    mount('target', '/nameless', { Type: 'volume', Target: '/nameless' }),
    mount(
      'tmpfs.mode',
      { type: 'tmpfs', target: '/t', tmpfs: { mode: 0o1770, size: '1m' } },
      {
        Type: 'tmpfs',
        Target: '/t',
        TmpfsOptions: { Mode: 0o1770, SizeBytes: 1024 ** 2 },
      },
    ),
    mount(
      'volume.labels',
      { type: 'volume', target: '/l', volume: { labels: { of: 'volume' } } },
      {
        Type: 'volume',
        Target: '/l',
        VolumeOptions: { Labels: { of: 'volume' } },
      },
    ),
    mount(
      'volume.nocopy',
      { type: 'volume', source: 'data', target: '/n', volume: { nocopy: true } },
      {
        Type: 'volume',
        Source: 'PROJECT_data',
        Target: '/n',
        VolumeOptions: { NoCopy: true },
      },
    ),

    endpoint('aliases', { aliases: ['other'] }, 'Aliases.2', 'other'),
    endpoint('driver_opts', { driver_opts: { some: 'option' } }, 'DriverOpts', { some: 'option' }),
    endpoint('ipv4_address', { ipv4_address: `${net}.77` }, 'IPAMConfig.IPv4Address', `${net}.77`),
    endpoint('link_local_ips', { link_local_ips: ['169.254.8.8'] }, 'IPAMConfig.LinkLocalIPs', ['169.254.8.8']),
    {
      attribute: 'networks.*.mac_address',
      yaml: onFront({ mac_address: '02:42:ac:11:65:44' }),
      kept: 'MacAddress',
      is: '02:42:ac:11:65:44',
      until: 144,
    },
    { ...host('annotations', { a: 'b' }, 'Annotations', { a: 'b' }), since: 143 },
    {
      ...config(
        'healthcheck.start_interval',
        { ...health, start_period: '1s', start_interval: '2s' },
        'Healthcheck.StartInterval',
        2e9,
      ),
      since: 144,
    },
    { ...endpoint('gw_priority', { gw_priority: 7 }, 'GwPriority', 7), since: 148 },
    {
      ...endpoint('interface_name', { interface_name: 'lan0' }, 'DriverOpts', {
        'com.docker.network.endpoint.ifname': 'lan0',
      }),
      since: 149,
    },
    {
      ...mount(
        'volume.subpath',
        { type: 'volume', source: 'plain', target: '/s', volume: { subpath: 'in' } },
        { Type: 'volume', Source: 'PROJECT_plain', Target: '/s', VolumeOptions: { Subpath: 'in' } },
      ),
      since: 145,
    },
    {
      ...mount(
        'image',
        { type: 'image', source: SCRATCH_IMAGE, target: '/i', image: { subpath: 'bin' } },
        { Type: 'image', Source: SCRATCH_IMAGE, Target: '/i', ImageOptions: { Subpath: 'bin' } },
      ),
      since: 148,
    },
    {
      ...mount('bind.recursive', ofBind({ recursive: 'writable', create_host_path: true }), {
        ...keptBind,
        BindOptions: { ReadOnlyNonRecursive: true, CreateMountpoint: true },
      }),
      since: 144,
    },
    {
      attribute: 'networks.*.priority',
      yaml: { networks: { front: { priority: 1 }, back: { priority: 9 } } },
      kept: 'HostConfig.NetworkMode',
      is: 'PROJECT_back',
    },
    {
      attribute: 'networks.*.ipv6_address',
      yaml: { networks: { six: { ipv6_address: 'fd13:7::77' } } },
      kept: 'NetworkingConfig.EndpointsConfig.PROJECT_six.IPAMConfig.IPv6Address',
      is: 'fd13:7::77',
    },
    {
      attribute: 'links',
      yaml: { links: ['r000:database'] },
      kept: 'NetworkingConfig.EndpointsConfig.PROJECT_default.Links',
      is: ['PROJECT-r000-1:database'],
    },
    {
      attribute: 'external_links',
      yaml: { external_links: ['PROJECT-r001-1:outside'], depends_on: ['r001'] },
      kept: 'NetworkingConfig.EndpointsConfig.PROJECT_default.Links',
      is: ['PROJECT-r001-1:outside'],
    },
    host('volumes_from', ['r000:ro'], 'VolumesFrom', ['PROJECT-r000-1:ro']),
    host('configs', ['file'], 'Mounts.0', { Type: 'bind', Source: 'FOLDER/setting', Target: '/file', ReadOnly: true }),
    host('configs.*', [{ source: 'file', target: '/etc/setting' }], 'Mounts.0', {
      Type: 'bind',
      Source: 'FOLDER/setting',
      Target: '/etc/setting',
      ReadOnly: true,
    }),
    host('secrets.*', [{ source: 'file', target: 'elsewhere' }], 'Mounts.0', {
      Type: 'bind',
      Source: 'FOLDER/token',
      Target: '/run/secrets/elsewhere',
      ReadOnly: true,
    }),
    host('secrets', ['file'], 'Mounts.0', {
      Type: 'bind',
      Source: 'FOLDER/token',
      Target: '/run/secrets/file',
      ReadOnly: true,
    }),
  ]
}

const keptBind = { Type: 'bind', Source: 'FOLDER/some', Target: '/some' }

function ofBind(bind: Record<string, unknown>): Record<string, unknown> {
  return { type: 'bind', source: './some', target: '/some', bind }
}

function rated(key: string, rate: unknown): Record<string, unknown> {
  return { [key]: [{ path: '/dev/loop0', rate }] }
}

function rates(Rate: number): unknown {
  return [{ Path: '/dev/loop0', Rate }]
}

function policy(Name: string, MaximumRetryCount: number): unknown {
  return { Name, MaximumRetryCount }
}

function endpoint(attribute: string, value: Record<string, unknown>, kept: string, is: unknown): Row {
  return {
    attribute: `networks.*.${attribute}`,
    yaml: onFront(value),
    kept: `NetworkingConfig.EndpointsConfig.PROJECT_front.${kept}`,
    is,
  }
}
