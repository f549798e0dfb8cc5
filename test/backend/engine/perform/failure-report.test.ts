import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { planUp } from '../../../../src/backend/engine/plan/command/up.ts'
import { DOWN, UP, type UpIntent } from '../../../../src/backend/intent.ts'
import { EngineError } from '../../../../src/docker/port.ts'
import type { Condition, Service, Stack } from '../../../../src/stack/model.ts'
import { createView } from '../../../../src/view/view.ts'
import { assertGolden } from '../../../support/golden.ts'
import type { ImageFixture } from '../../../support/memory/fixture.ts'
import { type Call, type MemoryEngine, type MemoryOptions, memoryEngine } from '../../../support/memory-engine.ts'
import { SECRET } from '../../../view/recordings.ts'
import { FACTS, terminalOf } from '../../../view/support.ts'
import { declared, stackOf } from '../../support.ts'
import { carryOut, up } from '../carry-out.ts'
import { emptyWorld } from '../world.ts'

/** One story for each kind of failure, as it is reported to a user. A secret is wherever one can be: none of the texts may hold it. */
interface Kind {
  services?: Record<string, Service>
  stack?: Partial<Stack>
  images?: Record<string, ImageFixture>
  engine?: MemoryOptions
  intent?: Partial<UpIntent>
  before?(engine: MemoryEngine): Promise<unknown>
  down?: boolean
  /** The engine's words, as engine 20.10 says them. */
  says?: [method: Call['method'], words: string, status: number]
}

const NEVER = Number.POSITIVE_INFINITY
const environment = { DB_PASSWORD: SECRET }
const health = { test: ['CMD-SHELL', `pg_isready -d postgres://me:${SECRET}@db`], interval: '1s', retries: 3 }
const after = (service: string, condition: Condition = 'service_healthy'): Service => ({
  depends_on: { [service]: { condition, required: true } },
})
const log = ['starting up', `connecting with ${SECRET}`, 'giving up'].map((text, at) => ({ after: at, text }))
const ended = (code: number, oomKilled = false): Kind => ({
  services: {
    db: { image: 'db:1', environment, healthcheck: health },
    web: after('db'),
    edge: after('web', 'service_started'),
  },
  images: { 'db:1': { exits: { after: 50, code, oomKilled }, passesAfter: NEVER, log } },
})
const pull = (words: string): Kind => ({
  services: { db: { image: 'registry.example/db:1', environment }, web: after('db', 'service_started') },
  says: ['pullImage', words, 500],
})
const start = (words: string, status = 400): Kind => ({
  services: {
    web: { image: 'app:1', environment, command: ['serve', '--password', SECRET] },
    edge: after('web', 'service_started'),
  },
  says: ['startContainer', words, status],
})
const withoutPool = (words: string, status: number): Kind => ({
  services: { web: { image: 'app:1', environment }, edge: after('web', 'service_started') },
  before: async (engine) => {
    await up(engine, stackOf({ name: 'other', services: { front: {} } }))
    for (const name of ['old', 'older']) await engine.createNetwork({ Name: name })
  },
  says: ['createNetwork', words, status],
})
const shim =
  'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process'

const KINDS: Record<string, Kind> = {
  'health-test-never-passes': {
    services: {
      db: { image: 'db:1', environment, healthcheck: health },
      web: after('db'),
      edge: after('web', 'service_started'),
    },
    images: { 'db:1': { passesAfter: NEVER, failsWith: `no response\nas user ${SECRET}`, log } },
  },
  'health-test-without-its-program': {
    services: {
      db: { image: 'db:1', environment, healthcheck: { test: ['CMD', 'absent', SECRET], interval: '1s', retries: 1 } },
      web: after('db'),
    },
    images: {
      'db:1': {
        passesAfter: NEVER,
        failsWith: 'exec: "absent": executable file not found in $PATH',
        failsWithCode: 127,
        log,
      },
    },
  },
  'no-health-test': { services: { db: { image: 'db:1', environment }, web: after('db') }, images: { 'db:1': {} } },
  'exit-1': ended(1),
  'exit-2': ended(2),
  'exit-125': ended(125),
  'exit-126': ended(126),
  'exit-127': ended(127),
  'exit-137': ended(137),
  'exit-137-out-of-memory': ended(137, true),
  'exit-139': ended(139),
  'exit-143': ended(143),
  'exec-format': {
    services: { db: { image: 'db:1', environment, healthcheck: health }, web: after('db') },
    images: {
      'db:1': {
        exits: { after: 5, code: 1 },
        passesAfter: NEVER,
        log: [{ after: 1, text: 'exec /bin/serve: exec format error' }],
      },
    },
  },
  'job-failed': {
    services: { migrate: { image: 'job:1', environment }, web: after('migrate', 'service_completed_successfully') },
    images: { 'job:1': { exits: { after: 50, code: 1 }, log } },
  },
  'removed-while-waited-for': {
    services: { db: { image: 'db:1', environment, healthcheck: health }, web: after('db') },
    images: { 'db:1': { passesAfter: NEVER } },
    async before(engine) {
      engine.hooks.after = ({ method }) => {
        if (method !== 'startContainer') return
        const gone = () => engine.behindTheBack.removeContainer('lab-db-1', { force: true, volumes: false })
        void engine.clock.sleep(1500).then(gone)
      }
    },
  },
  'wait-timeout': {
    services: { db: { image: 'db:1', environment, healthcheck: { ...health, retries: 1000 } } },
    images: { 'db:1': { passesAfter: NEVER, failsWith: `still loading ${SECRET}`, log } },
    intent: { wait: true, waitTimeout: 5000 },
  },
  'pull-no-such-host': pull(
    'Get "https://registry.example/v2/": dial tcp: lookup registry.example on 127.0.0.53:53: no such host',
  ),
  'pull-nobody-listens': pull('Get "http://registry.example/v2/": dial tcp 192.0.2.1:443: connect: connection refused'),
  'pull-not-found': pull('manifest for registry.example/db:1 not found: manifest unknown: manifest unknown'),
  'pull-not-allowed': pull(
    "pull access denied for db, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
  ),
  'pull-other-processor': pull('no matching manifest for linux/arm64/v8 in the manifest list entries'),
  'pull-disk-full': pull(
    'failed to register layer: Error processing tar file(exit status 1): write /usr/bin/perl: no space left on device',
  ),
  'pull-never': { services: { db: { image: 'absent:1', environment, pull_policy: 'never' } } },
  'build-failed': {
    services: {
      web: { image: 'built:1', build: { context: '/lab', args: { API_TOKEN: SECRET } } },
      edge: after('web', 'service_started'),
    },
    engine: {
      build: () => new Error(`The command '/bin/sh -c ./fetch --token ${SECRET}' returned a non-zero code: 9`),
    },
  },
  'port-held-by-a-container': {
    services: {
      web: { image: 'app:1', environment, ports: [{ target: 80, published: '8099', protocol: 'tcp' }] },
      edge: after('web', 'service_started'),
    },
    before: (engine) =>
      up(
        engine,
        stackOf({
          name: 'other',
          services: { front: { ports: [{ target: 80, published: '8099', protocol: 'tcp' }] } },
        }),
      ),
  },
  'name-of-a-stranger': {
    services: { web: { image: 'app:1', environment }, edge: after('web', 'service_started') },
    // After it was looked at: else the plan is refused.
    before: async (engine) => {
      engine.hooks.before = ({ method }) => {
        if (method === 'createNetwork')
          void engine.behindTheBack.createContainer('lab-web-1', { Image: 'app:1', HostConfig: {} })
      }
    },
  },
  'bind-source-missing': {
    services: {
      web: {
        image: 'app:1',
        environment,
        volumes: [{ type: 'bind', source: '/srv/absent', target: '/x', bind: { create_host_path: false } }],
      },
      edge: after('web', 'service_started'),
    },
    says: [
      'createContainer',
      'invalid mount config for type "bind": bind source path does not exist: /srv/absent',
      400,
    ],
  },
  'disk-full': {
    services: { web: { image: 'app:1', environment }, edge: after('web', 'service_started') },
    says: ['createContainer', 'write /var/lib/docker/overlay2/ca6827357e01-init/link: no space left on device', 500],
  },
  'disk-full-volume': {
    services: { web: { image: 'app:1', environment, volumes: [{ type: 'volume', source: 'data', target: '/data' }] } },
    stack: { volumes: { data: { name: 'lab_data' } } },
    says: ['createVolume', 'create lab_data: mkdir /var/lib/docker/volumes/lab_data: no space left on device', 500],
  },
  'no-address-pool': withoutPool(
    'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
    404,
  ),
  'no-address-pool-all-used': {
    ...withoutPool('all predefined address pools have been fully subnetted', 400),
    before: (engine) => up(engine, stackOf({ name: 'other', services: { front: {} } })),
  },
  'no-address-pool-since-26': withoutPool('all predefined address pools have been fully subnetted', 400),
  'network-driver-missing': {
    services: { web: { image: 'app:1', environment }, edge: after('web', 'service_started') },
    says: ['createNetwork', 'plugin "weave" not found', 404],
  },
  'volume-driver-missing': {
    services: { web: { image: 'app:1', environment, volumes: [{ type: 'volume', source: 'data', target: '/data' }] } },
    stack: { volumes: { data: { name: 'lab_data' } } },
    says: ['createVolume', 'create lab_data: error looking up volume plugin rex: plugin "rex" not found', 404],
  },
  'subnet-taken': {
    services: { web: { image: 'app:1', environment }, edge: after('web', 'service_started') },
    says: ['createNetwork', 'Pool overlaps with other one on this address space', 403],
  },
  'network-with-a-leaked-endpoint': {
    services: { web: { image: 'app:1', environment } },
    before: (engine) => up(engine, stackOf({ services: { web: { image: 'app:1', environment } } })),
    down: true,
    says: [
      'removeNetwork',
      'error while removing network: network lab_default id 76926087ceec has active endpoints',
      403,
    ],
  },
  'program-missing': start(`${shim}: exec: "serve": executable file not found in $PATH: unknown`),
  'program-forbidden': start(`${shim}: exec: "/serve": permission denied: unknown`),
  'start-after-an-earlier-run': {
    services: { web: { image: 'web:1', healthcheck: health } },
    images: { 'web:1': { exits: { after: 5_000, code: 3 }, log, passesAfter: NEVER } },
    before: async (engine) => {
      await up(engine, stackOf({ services: { web: { image: 'web:1', healthcheck: health } } }))
      await engine.clock.sleep(6_000)
    },
    says: ['startContainer', 'network 1ed2eedd3c4a not found', 404],
  },
  'file-over-directory': start(
    `${shim}: error during container init: error mounting "/etc/hostname" to rootfs at "/etc": not a directory: unknown`,
  ),
}

for (const [name, kind] of Object.entries(KINDS)) {
  test(`the story of ${name}`, async () => {
    const text = await storyOf(kind)
    assert.not.match(text, SECRET)
    assertGolden(text, goldenFile(name))
  })
}

/** As `--progress quiet` shows it: nothing but what went wrong. */
async function storyOf({
  services = {},
  stack: more = {},
  images = {},
  engine: options,
  intent,
  before,
  says,
  down: isDown,
}: Kind): Promise<string> {
  const engine = memoryEngine({ ...options, images: { 'app:1': {}, ...images } })
  const stack = stackOf({ services, ...more })
  await before?.(engine)
  const { terminal, shown } = terminalOf(engine.clock, 200, 24)
  const view = await createView('quiet', terminal, FACTS)
  const whole = isDown ? DOWN : { ...UP, ...intent }
  if (says) engine.hooks.before = refusing(...says)
  if (services.db?.pull_policy === 'never') view.problems(problemsOf(stack))
  else await carryOut(engine, stack, whole, view.emit)
  return shown().raw
}

function refusing(method: Call['method'], words: string, status: number): (call: Call) => void {
  return (call) => {
    if (call.method === method && !String(call.args[0]).includes('edge')) throw new EngineError(words, status)
  }
}

function problemsOf(stack: Stack) {
  const result = planUp(declared(stack), { ...emptyWorld(stack), images: [] }, UP)
  return result.ok ? [] : result.diagnostics
}

function goldenFile(name: string): string {
  return join(import.meta.dirname ?? '', '../../../golden/dossier', `${name}.txt`)
}

test('no golden is left without its kind', () => {
  const files = readdirSync(join(goldenFile('x'), '..'))
  assert.equal(
    files.filter((file) => !(file.replace('.txt', '') in KINDS)),
    [],
  )
})

test.run()
