import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { PublishedPort, Replica } from '../../src/backend/read/containers.ts'
import { portsText } from '../../src/command/shared/ports.ts'
import { endpointsOf } from '../../src/project/endpoint/endpoint.ts'
import { mountedAt } from '../../src/project/endpoint/secret-file.ts'

function replicaOf(more: Partial<Replica>): Replica {
  return {
    id: 'c1',
    name: 'lab-svc-1',
    service: 'svc',
    number: 1,
    oneoff: false,
    image: 'image:1',
    state: 'running',
    status: 'Up',
    command: 'serve',
    created: 0,
    ports: [],
    origin: { workingDir: '', configFiles: [] },
    replacing: false,
    ...more,
  }
}

const published = (target: number, more: Partial<PublishedPort> = {}): PublishedPort => {
  return { hostIp: '127.0.0.1', published: target + 10_000, target, protocol: 'tcp', ...more }
}

interface Row {
  what: string
  target: number
  env?: Record<string, string>
  command?: string
  shown: string
  /** With --show-secrets, where that differs. */
  secrets?: string
}

/** `AT` stands for the address: of the host, or of the service on the stack's networks. */
const ROWS: Row[] = [
  { what: 'Jupyter without a token', target: 8888, shown: 'http://AT/lab' },
  { what: 'Jupyter', target: 8888, env: { JUPYTER_TOKEN: 'a b/c' }, shown: 'http://AT/lab?token=a%20b%2Fc' },
  { what: 'Jupyter that makes a certificate', target: 8888, env: { GEN_CERT: 'yes' }, shown: 'https://AT/lab' },
  { what: 'Jupyter without GEN_CERT', target: 8888, env: { GEN_CERT: '' }, shown: 'http://AT/lab' },
  {
    what: 'Jupyter with a certificate',
    target: 8888,
    command: 'jupyter lab --ServerApp.certfile=/c.pem --ServerApp.token=t1',
    shown: 'https://AT/lab?token=t1',
  },
  {
    what: 'Jupyter by argument',
    target: 8888,
    command: 'jupyter lab --ServerApp.token=t1 x',
    shown: 'http://AT/lab?token=t1',
  },
  {
    what: 'Jupyter on another port',
    target: 9999,
    command: "jupyter --NotebookApp.token='t2'",
    shown: 'http://AT/lab?token=t2',
  },
  {
    what: 'Jupyter, new style',
    target: 80,
    command: 'jupyter lab --port=80 --IdentityProvider.token t3',
    shown: 'http://AT/lab?token=t3',
  },
  { what: 'a web server beside Jupyter', target: 4040, env: { JUPYTER_TOKEN: 't' }, shown: 'http://AT' },
  { what: 'MySQL without anything', target: 3306, shown: 'mysql://root@AT/' },
  {
    what: 'MySQL as root',
    target: 3306,
    env: { MYSQL_ROOT_PASSWORD: "p@:/?#'", MYSQL_DATABASE: 'shop' },
    shown: 'mysql://root:••••@AT/shop',
    secrets: 'mysql://root:p%40%3A%2F%3F%23%27@AT/shop',
  },
  {
    what: 'MariaDB with a user',
    target: 3306,
    env: { MARIADB_USER: 'me', MARIADB_PASSWORD: 'pw', MARIADB_ROOT_PASSWORD: 'no', MARIADB_DATABASE: 'd' },
    shown: 'mysql://me:••••@AT/d',
    secrets: 'mysql://me:pw@AT/d',
  },
  {
    what: 'MySQL with a password file',
    target: 3306,
    env: { MYSQL_ROOT_PASSWORD_FILE: '/run/secrets/known' },
    shown: 'mysql://root:••••@AT/',
    secrets: 'mysql://root:from-file@AT/',
  },
  {
    what: 'MySQL with a password file that is nowhere',
    target: 3306,
    env: { MYSQL_ROOT_PASSWORD_FILE: '/run/secrets/other' },
    shown: 'mysql://root:••••@AT/',
    secrets: 'mysql://root@AT/',
  },
  {
    what: 'PostgreSQL',
    target: 5432,
    env: { POSTGRES_PASSWORD: 'pw' },
    shown: 'postgresql://postgres:••••@AT/postgres',
    secrets: 'postgresql://postgres:pw@AT/postgres',
  },
  { what: 'PostgreSQL of a user', target: 5432, env: { POSTGRES_USER: 'gis' }, shown: 'postgresql://gis@AT/gis' },
  {
    what: 'PostgreSQL with a database',
    target: 5432,
    env: { POSTGRES_DB: 'maps' },
    shown: 'postgresql://postgres@AT/maps',
  },
  { what: 'MongoDB', target: 27_017, shown: 'mongodb://AT/' },
  {
    what: 'MongoDB with a user',
    target: 27_017,
    env: { MONGO_INITDB_ROOT_USERNAME: 'me', MONGO_INITDB_ROOT_PASSWORD: 'pw' },
    shown: 'mongodb://me:••••@AT/?authSource=admin',
    secrets: 'mongodb://me:pw@AT/?authSource=admin',
  },
  { what: 'Redis', target: 6379, shown: 'redis://AT/0' },
  {
    what: 'Redis with the password of its own client',
    target: 6379,
    env: { REDISCLI_AUTH: 'pw' },
    shown: 'redis://:••••@AT/0',
    secrets: 'redis://:pw@AT/0',
  },
  {
    what: 'Redis with a password',
    target: 6379,
    env: { REDIS_PASSWORD: 'pw' },
    shown: 'redis://:••••@AT/0',
    secrets: 'redis://:pw@AT/0',
  },
  { what: 'Neo4j', target: 7687, shown: 'bolt://AT' },
  { what: 'Elasticsearch', target: 9200, shown: 'http://AT' },
  { what: 'RabbitMQ', target: 5672, shown: 'amqp://AT/' },
  { what: 'SSH', target: 22, shown: 'ssh://AT' },
  { what: 'RStudio', target: 8787, shown: 'http://AT' },
  { what: 'a web server', target: 80, shown: 'http://AT' },
  { what: 'HTTPS', target: 443, shown: 'https://AT' },
  { what: 'something else', target: 4711, shown: 'tcp://AT' },
]

for (const { what, target, env = {}, command = 'serve', shown, secrets = shown } of ROWS) {
  for (const showSecrets of [false, true]) {
    test(`${what}, ${showSecrets ? 'with' : 'without'} secrets`, () => {
      const replica = replicaOf({ ports: [published(target)], command })
      const fileContent = (path: string) => (path === '/run/secrets/known' ? 'from-file' : undefined)
      const [endpoint] = endpointsOf(replica, { env: new Map(Object.entries(env)), showSecrets, fileContent })
      const url = showSecrets ? secrets : shown
      assert.is(endpoint?.host, url.replace('AT', `127.0.0.1:${target + 10_000}`))
      assert.is(endpoint?.inside, url.replace('AT', `svc:${target}`))
      assert.not.throws(() => new URL(endpoint?.host ?? ''))
    })
  }
}

const HOSTS: [hostIp: string | undefined, shown: string][] = [
  ['127.0.0.1', '127.0.0.1'],
  ['0.0.0.0', '127.0.0.1'],
  ['::', '127.0.0.1'],
  ['', '127.0.0.1'],
  ['::1', '[::1]'],
  ['192.168.1.5', '192.168.1.5'],
  ['fe80::1', '[fe80::1]'],
]

const NO_CREDENTIALS = { env: new Map<string, string>(), showSecrets: false, fileContent: () => undefined }

for (const [hostIp, shown] of HOSTS) {
  test(`a port on "${hostIp}" is reached at ${shown}`, () => {
    const ports = [published(4711, hostIp === undefined ? {} : { hostIp })]
    assert.is(endpointsOf(replicaOf({ ports }), NO_CREDENTIALS)[0]?.host, `tcp://${shown}:14711`)
  })
}

test('a port on all addresses of both families is one endpoint; exposed ports are none', () => {
  const ports = [
    published(80, { hostIp: '0.0.0.0' }),
    published(80, { hostIp: '::' }),
    { target: 443, protocol: 'tcp' },
  ]
  assert.equal(
    endpointsOf(replicaOf({ ports }), NO_CREDENTIALS).map(({ port }) => port),
    ['80/tcp'],
  )
})

test('UDP is never taken for what listens on the TCP port of that number', () => {
  const ports = [published(5432, { protocol: 'udp' })]
  assert.is(endpointsOf(replicaOf({ ports }), NO_CREDENTIALS)[0]?.host, 'udp://127.0.0.1:15432')
})

test('endpoints stand in the order of their ports, whatever the order of the engine', () => {
  const ports = [published(8080), published(22), published(443)]
  const order = (list: PublishedPort[]) =>
    endpointsOf(replicaOf({ ports: list }), NO_CREDENTIALS).map(({ port }) => port)
  assert.equal(order(ports), ['22/tcp', '443/tcp', '8080/tcp'])
  assert.equal(order([...ports].reverse()), order(ports))
})

const MOUNTS: [path: string, key: string | undefined][] = [
  ['/run/secrets/plain', 'secret/plain'],
  ['/run/secrets/renamed', 'secret/other'],
  ['/etc/absolute', 'secret/absolute'],
  ['/conf', 'config/conf'],
  ['/etc/app.conf', 'config/app'],
  ['/run/secrets/other', undefined],
]

for (const [path, key] of MOUNTS) {
  test(`${path} holds ${key ?? 'nothing that is known'}`, () => {
    const svc = {
      secrets: [
        { source: 'plain' },
        { source: 'other', target: 'renamed' },
        { source: 'absolute', target: '/etc/absolute' },
      ],
      configs: [{ source: 'conf' }, { source: 'app', target: '/etc/app.conf' }],
    }
    assert.is(mountedAt({ services: { svc } }, 'svc', path), key)
  })
}

const PORTS: [ports: PublishedPort[], text: string][] = [
  [[], ''],
  [[{ target: 80, protocol: 'tcp' }], '80/tcp'],
  [[published(80)], '127.0.0.1:10080->80/tcp'],
  [
    [published(80, { hostIp: '::' }), published(80, { hostIp: '0.0.0.0' })],
    '0.0.0.0:10080->80/tcp, [::]:10080->80/tcp',
  ],
  [[published(443), { target: 80, protocol: 'udp' }], '80/udp, 127.0.0.1:10443->443/tcp'],
]

for (const [ports, text] of PORTS) test(`ports are shown as "${text}"`, () => assert.is(portsText(ports), text))

test.run()
