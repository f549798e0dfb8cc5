import { tarOf } from '../../../src/archive/tar.ts'

/** The answers of an engine that has two containers of a project `p`: always the same ones, whatever is asked before. */
export interface Answer {
  status: number
  /** JSON. */
  body?: unknown
  /** Bytes as they are, instead of JSON. */
  raw?: Buffer
  /** The connection stays open after it. */
  open?: boolean
  /** The connection is handed over. */
  upgrade?: boolean
  headers?: Record<string, string>
}

export interface Route {
  /** E.g. `GET /containers/ID/json`. */
  name: string
  answer: Answer
}

/** The route of a call, and what it is answered. */
export function routeOf(method: string, url: string): Route {
  const { pathname, searchParams } = new URL(url, 'http://engine')
  const path = pathname.replace(/^\/v\d+\.\d+/, '')
  const row = ROUTES.find(([pattern]) => matches(pattern, `${method} ${path}`))
  if (!row) return { name: `${method} ${path}`, answer: { status: 404, body: { message: `no ${method} ${path}` } } }
  const [name, answer] = row
  const words = path.split('/')
  return {
    name,
    answer: typeof answer === 'function' ? answer(decodeURIComponent(words[2] ?? ''), searchParams) : answer,
  }
}

function matches(pattern: string, called: string): boolean {
  const source = pattern.replaceAll('ID', '[^/]+').replaceAll('NAME', '.+')
  return new RegExp(`^${source}$`).test(called)
}

type Row = [string, Answer | ((id: string, query: URLSearchParams) => Answer)]

const json = (body: unknown): Answer => ({ status: 200, body })
const DONE: Answer = { status: 204 }
const SAID: Answer = { status: 200, raw: frames('\u001b[32mhello\n') }
const HEADERS = { 'api-version': '1.41', ostype: 'linux', 'builder-version': '1' }

const FILE = { type: 'file', mode: 0o644, content: Buffer.from('hello') } as const
const ARCHIVE = tarOf([{ path: 'x', ...FILE }])
const VOLUME = tarOf([
  { path: 'volume', type: 'directory', mode: 0o755 },
  { path: 'volume/x', ...FILE },
])

const archiveOf = (query: URLSearchParams): Answer => {
  const raw = query.get('path') === '/volume' ? VOLUME : ARCHIVE
  return { status: 200, raw, headers: { 'content-type': 'application/x-tar' } }
}

/** Paths that end with `folder` are folders. */
function statOf(query: URLSearchParams): Record<string, string> {
  const mode = /folder(\/\.)?$/.test(query.get('path') ?? '') ? 2 ** 31 + 0o755 : 0o644
  const stat = { name: 'x', size: 5, mode, mtime: '2026-01-01T00:00:00Z', linkTarget: '' }
  return { 'x-docker-container-path-stat': Buffer.from(JSON.stringify(stat)).toString('base64') }
}

const ROUTES: Row[] = [
  ['GET /_ping', { status: 200, raw: Buffer.from('OK'), headers: HEADERS }],
  [
    'GET /version',
    json({ Version: '20.10.24', ApiVersion: '1.41', MinAPIVersion: '1.12', Os: 'linux', Arch: 'amd64' }),
  ],
  ['GET /info', json({ DriverStatus: [['driver-type', 'io.containerd.snapshotter.v1']] })],
  ['GET /containers/json', () => json([container('db'), container('web')])],
  ['GET /containers/ID/json', (id) => json(detail(id))],
  ['GET /containers/ID/logs', SAID],
  [
    'HEAD /containers/ID/archive',
    (_, query) => ({ status: 200, headers: { 'api-version': '1.41', ...statOf(query) } }),
  ],
  ['GET /containers/ID/archive', (_, query) => archiveOf(query)],
  ['GET /containers/ID/export', { status: 200, raw: ARCHIVE, headers: { 'content-type': 'application/octet-stream' } }],
  ['POST /commit', () => ({ status: 201, body: { Id: IMAGE } })],
  ['GET /containers/ID/top', json({ Titles: ['UID', 'PID', 'CMD'], Processes: [['root', '1', 'sleep 1000']] })],
  ['GET /containers/ID/stats', () => STATS],
  ['GET /images/json', () => json([{ Id: IMAGE, RepoTags: ['app:1'], RepoDigests: null, Labels: null, Created: 1 }])],
  ['GET /images/get', { status: 200, raw: ARCHIVE, headers: { 'content-type': 'application/x-tar' } }],
  ['POST /images/load', { status: 200, raw: lines({ stream: 'Loaded image: app:1\n' }) }],
  ['GET /system/df', () => json({ Volumes: [{ ...volume(), UsageData: { Size: 5, RefCount: 1 } }] })],
  ['GET /containers/ID/changes', json([{ Path: '/x', Kind: 1 }])],
  ['GET /images/NAME/json', () => json(image())],
  ['GET /networks', () => json([network('p_default', '5'), network('bridge', '6')])],
  ['GET /networks/ID', () => json({ ...network('p_default', '5'), Containers: {} })],
  ['GET /volumes', () => json({ Volumes: [volume()], Warnings: null })],
  ['GET /volumes/ID', () => json(volume())],
  ['GET /distribution/NAME/json', json({ Descriptor: { digest: `sha256:${'9'.repeat(64)}` } })],
  ['GET /events', (_, query) => ({ status: 200, raw: Buffer.alloc(0), open: !query.has('until') })],
  ['GET /exec/ID/json', json({ ID: 'e1', Running: false, ExitCode: 0 })],
  ['POST /containers/create', () => ({ status: 201, body: { Id: '3'.repeat(64), Warnings: null } })],
  ['POST /containers/ID/(start|stop|kill|pause|unpause|rename)', DONE],
  ['POST /containers/ID/update', json({ Warnings: null })],
  ['POST /(containers|exec)/ID/resize', { status: 200 }],
  ['POST /containers/ID/wait', json({ StatusCode: 0, Error: null })],
  ['POST /containers/ID/attach', { ...SAID, upgrade: true }],
  ['POST /containers/ID/exec', () => ({ status: 201, body: { Id: 'e1' } })],
  ['POST /exec/ID/start', SAID],
  ['PUT /containers/ID/archive', { status: 200 }],
  ['POST /networks/create', () => ({ status: 201, body: { Id: '5'.repeat(64), Warning: '' } })],
  ['POST /networks/ID/(connect|disconnect)', { status: 200 }],
  ['POST /volumes/create', () => ({ status: 201, body: volume() })],
  [
    'POST /images/create',
    { status: 200, raw: lines({ status: 'Pulling from app', id: '1' }, { status: 'Pull complete', id: 'a' }) },
  ],
  ['POST /images/NAME/tag', { status: 201 }],
  [
    'POST /images/NAME/push',
    { status: 200, raw: lines({ status: 'Preparing', id: 'a' }, { status: 'Pushed', id: 'a' }) },
  ],
  [
    'POST /build',
    { status: 200, raw: lines({ stream: 'Step 1/1 : FROM scratch\n' }, { aux: { ID: `sha256:${'1'.repeat(64)}` } }) },
  ],
  ['POST /grpc', { status: 200, upgrade: true }],
  ['DELETE /containers/ID', DONE],
  ['DELETE /networks/ID', DONE],
  ['DELETE /volumes/ID', DONE],
  ['DELETE /images/NAME', json([{ Untagged: 'app:1' }])],
]

const STATS: Answer = {
  status: 200,
  raw: lines({
    cpu_stats: { cpu_usage: { total_usage: 2, percpu_usage: [1, 1] }, system_cpu_usage: 4, online_cpus: 2 },
    precpu_stats: { cpu_usage: { total_usage: 1 }, system_cpu_usage: 2 },
    memory_stats: { usage: 5, limit: 10, stats: { inactive_file: 1 } },
    pids_stats: { current: 1 },
    networks: { eth0: { rx_bytes: 1, tx_bytes: 2 } },
    blkio_stats: { io_service_bytes_recursive: [{ op: 'Read', value: 1 }] },
  }),
}

const IMAGE = `sha256:${'1'.repeat(64)}`
const idOf = (service: string) => (service === 'db' ? 'd' : 'a').repeat(64)

function labels(service: string): Record<string, string> {
  const compose = 'com.docker.compose'
  return {
    [`${compose}.project`]: 'p',
    [`${compose}.service`]: service,
    [`${compose}.container-number`]: '1',
    [`${compose}.oneoff`]: 'False',
    [`${compose}.project.working_dir`]: '/p',
  }
}

function container(service: string) {
  return {
    Id: idOf(service),
    Names: [`/p-${service}-1`],
    Image: 'app:1',
    ImageID: IMAGE,
    Command: 'sleep 1000',
    Created: 1_700_000_000,
    Ports: [{ IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' }],
    Labels: labels(service),
    State: 'running',
    Status: 'Up 2 hours',
    HostConfig: { NetworkMode: 'p_default' },
    NetworkSettings: { Networks: { p_default: endpoint() } },
    Mounts: [{ Type: 'volume', Name: 'p_data', Source: '/v', Destination: '/data', Driver: 'local', RW: true }],
  }
}

function endpoint() {
  const addresses = { IPAddress: '172.18.0.2', MacAddress: '02:42:ac:12:00:02', GlobalIPv6Address: '' }
  return { IPAMConfig: null, Links: null, Aliases: ['web'], NetworkID: '5'.repeat(64), EndpointID: '7', ...addresses }
}

const TIME = '2026-01-01T00:00:00.123456789Z'

function detail(id: string) {
  const service = id.startsWith('d') ? 'db' : 'web'
  return {
    Id: id,
    Name: `/p-${service}-1`,
    Created: TIME,
    Image: IMAGE,
    RestartCount: 0,
    State: {
      ...{ Status: 'running', Running: true, Paused: false, Restarting: false, OOMKilled: false, Dead: false, Pid: 1 },
      ...{ ExitCode: 0, Error: '', StartedAt: TIME, FinishedAt: '0001-01-01T00:00:00Z' },
      Health: { Status: 'healthy', FailingStreak: 0, Log: [{ Start: TIME, End: TIME, ExitCode: 0, Output: 'ok' }] },
    },
    Config: {
      ...{ Hostname: 'h', Domainname: '', User: '', Tty: false, Env: ['A=1'], Cmd: ['sleep', '1000'], Image: 'app:1' },
      ...{ Volumes: null, WorkingDir: '', Entrypoint: null, Labels: labels(service), ExposedPorts: { '80/tcp': {} } },
      Healthcheck: { Test: ['CMD', 'true'], Interval: 1_000_000_000 },
    },
    HostConfig: hostConfig(),
    Mounts: container(service).Mounts,
    NetworkSettings: { Networks: { p_default: endpoint() } },
  }
}

function hostConfig() {
  return {
    Binds: ['p_data:/data:rw'],
    NetworkMode: 'p_default',
    PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '8080' }] },
    RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
    LogConfig: { Type: 'json-file', Config: {} },
    Ulimits: [{ Name: 'nofile', Soft: 1, Hard: 2 }],
    Mounts: [{ Type: 'volume', Source: 'p_data', Target: '/data', VolumeOptions: { Labels: { a: 'b' } } }],
    Devices: [{ PathOnHost: '/dev/x', PathInContainer: '/dev/x', CgroupPermissions: 'rwm' }],
    DeviceRequests: [{ Driver: 'd', Count: -1, DeviceIDs: null, Capabilities: [['gpu']], Options: {} }],
    Memory: 1_000_000,
    NanoCpus: 5,
    CapAdd: ['A'],
    Sysctls: { a: '1' },
    Tmpfs: { '/t': '' },
    ExtraHosts: ['a:1.2.3.4'],
    Privileged: false,
  }
}

function image() {
  const config = { Volumes: { '/data': {} }, ExposedPorts: { '80/tcp': {} }, Env: ['PATH=/bin'], Entrypoint: null }
  return {
    ...{ Id: IMAGE, RepoTags: ['app:1'], RepoDigests: [], Os: 'linux', Architecture: 'amd64' },
    Config: { ...config, Cmd: ['sleep', '1000'], User: '', WorkingDir: '/', Labels: { a: 'b' } },
    Size: 2,
    Created: TIME,
    Metadata: { LastTagTime: '2026-01-01T00:00:00Z' },
  }
}

function network(Name: string, digit: string) {
  const ours = Name === 'bridge' ? {} : { 'com.docker.compose.project': 'p', 'com.docker.compose.network': 'default' }
  return {
    ...{ Name, Id: digit.repeat(64), Created: TIME, Scope: 'local', Driver: 'bridge', EnableIPv6: false },
    IPAM: { Driver: 'default', Options: null, Config: [{ Subnet: '172.18.0.0/16', Gateway: '172.18.0.1' }] },
    ...{ Internal: false, Attachable: false, Ingress: false, Options: {}, Labels: ours },
  }
}

function volume() {
  const ours = { 'com.docker.compose.project': 'p', 'com.docker.compose.volume': 'data' }
  return {
    Name: 'p_data',
    Driver: 'local',
    Mountpoint: '/v',
    Labels: ours,
    Options: null,
    Scope: 'local',
    CreatedAt: TIME,
  }
}

export function frames(text: string): Buffer {
  const header = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0])
  header.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([header, Buffer.from(text)])
}

function lines(...all: object[]): Buffer {
  return Buffer.from(all.map((each) => `${JSON.stringify(each)}\r\n`).join(''))
}
