import { SCHEMA, type Shape } from '../../../src/load/generated/validate.js'
import type { Random } from './random.ts'
import { SCALARS } from './words.ts'

const NAMES = ['a', 'b', 'web', 'db', 'default', 'constructor', '10', 'a.b']

/** What is right by the name of a definition or key, where its type alone says too little. */
const RIGHT: ReadonlyMap<string, readonly unknown[]> = new Map(
  Object.entries({
    duration: ['10s', '1m30s', '1h', '500ms', '0s'],
    bytes: ['64m', '1gb', 1048576, '0.5g', 0],
    quantity: [1, '2', '0.5', 4],
    ports: [
      ['80'],
      ['8080:80', '9090-9091:90-91'],
      [{ target: 80, published: '70' }],
      [443, '53:53/udp'],
      ['127.0.0.1::80'],
    ],
    expose: [['80', 90], ['1-3/udp']],
    volumes: [
      ['/data'],
      ['./a:/b:ro', '~/x:/y'],
      [{ type: 'tmpfs', target: '/t', tmpfs: { size: '1m' } }],
      [{ type: 'bind', source: '.', target: '/z' }],
    ],
    volumes_from: [['container:z'], ['container:y:ro']],
    networks: [['default'], { default: { aliases: ['q'], priority: 1 } }, { default: null }, []],
    depends_on: [[], {}],
    links: [[]],
    secrets: [[]],
    configs: [[]],
    models: [[], {}],
    devices: [['/dev/a:/dev/b'], ['vendor.com/class=x'], [{ source: '/dev/a', target: '/dev/b', permissions: 'r' }]],
    extra_hosts: [['a:1.2.3.4', 'b=::1'], { c: '1.1.1.1' }, { d: ['1.1.1.1', '2.2.2.2'] }],
    network_mode: ['host', 'none', 'bridge', 'container:x', ''],
    ipc: ['host', 'private', 'shareable', 'container:x'],
    pid: ['host', 'container:x'],
    env_file: [[], [{ path: 'gone.env', required: false }]],
    label_file: [[]],
    restart: ['no', 'always', 'on-failure:3', 'unless-stopped'],
    pull_policy: ['always', 'never', 'missing', 'daily', 'every_12h'],
    container_name: ['some-name', 'a_b'],
    mac_address: ['02:42:ac:11:00:03'],
    cpu_period: ['12ms', 12000],
    cpu_quota: ['50ms', 50000],
    cpu_rt_period: [1000],
    cpu_rt_runtime: ['1ms'],
    cpuset: ['0,1', '0-3'],
    user: ['1000:1000', 'root', '1000'],
    platform: ['linux/amd64', 'linux/arm64/v8'],
    gpus: ['all', [{ capabilities: ['gpu'], count: 1 }]],
    test: ['true', ['CMD', 'true'], ['NONE'], ['CMD-SHELL', 'a $$b']],
    build: ['.', { context: 'https://x.com/y.git', args: ['A=1', 'B'] }, { context: '.', tags: ['t:1'], secrets: [] }],
    provider: [{ type: 'x', options: { a: [1, 'b'] } }],
    develop: [{ watch: [{ path: './x', action: 'rebuild' }] }],
    credential_spec: [{ file: 'x.json' }],
    blkio_config: [{ weight: 300, device_read_bps: [{ path: '/dev/a', rate: '1mb' }] }],
    ulimits: [{ nofile: 1 }, { nproc: { soft: 1, hard: 2 } }],
    tmpfs: ['/t', ['/t:size=1m', '/u']],
    scale: [1, 2],
    isolation: ['default'],
    healthcheck: [{ test: 'true', interval: '1s', retries: 3 }, { disable: true }],
    logging: [{ driver: 'none', options: { a: 1, b: 'c' } }],
  }),
)

interface Growth {
  random: Random
  /** How likely a value is of a wrong kind. */
  wrong: number
}

/** A stack of random values, half of them all right: every attribute that the format has comes up. */
export function randomStack(random: Random): unknown {
  const growth = { random, wrong: random.chance(0.6) ? 0 : 0.1 }
  const services = random.several(1, 3, () => [random.pick(NAMES), serviceOf(growth)] as const)
  const { include: _, ...stack } = random.chance(0.3) ? objectFor(SCHEMA, growth, 0) : {}
  return { ...stack, services: Object.fromEntries(services), 'x-own': random.pick(SCALARS) }
}

function serviceOf(growth: Growth): unknown {
  const service = valueFor('service', { $ref: '#/$defs/service' }, growth, 1)
  const runs = service !== null && typeof service === 'object' && growth.random.chance(0.95)
  return runs ? { ...service, image: 'x' } : service
}

function valueFor(key: string, written: Shape, growth: Growth, depth: number): unknown {
  const { random, wrong } = growth
  const [name, shape] = resolved(written)
  if (random.chance(wrong)) return anything(random)
  const right = depth > 1 ? (RIGHT.get(key) ?? RIGHT.get(name)) : undefined
  if (right && right.length > 0 && random.chance(wrong === 0 ? 1 : 0.7)) return random.pick(right)
  switch (random.pick([shape.type ?? ['string', 'object']].flat())) {
    case 'object':
      return objectFor(shape, growth, depth)
    case 'array':
      return random.several(0, 3, () => valueFor('', shape.items ?? {}, growth, depth + 1))
    case 'boolean':
      return random.chance(0.5)
    case 'integer':
      return random.pick(wrong === 0 ? [0, 1, 2, 80] : [0, 80, -1, 65536, 1e21])
    case 'number':
      return random.pick(wrong === 0 ? [0.5, 1, 100] : [0, -1, 1e-7, 1e300])
    case 'null':
      return null
    default:
      return textFor(shape, growth)
  }
}

function objectFor(shape: Shape, growth: Growth, depth: number): Record<string, unknown> {
  const { random } = growth
  const own = Object.entries(shape.properties ?? {}).filter(([key]) => growth.wrong > 0 || key !== 'extends')
  const chosen = own.length === 0 || depth > 6 ? [] : random.several(0, depth === 1 ? 6 : 3, () => random.pick(own))
  const needed = own.filter(([key]) => growth.wrong === 0 && requiredIn(shape).includes(key))
  const other = typeof shape.additionalProperties === 'object' ? shape.additionalProperties : undefined
  const free = other && depth <= 6 ? random.several(0, 2, () => [random.pick(NAMES), other] as const) : []
  return Object.fromEntries(
    [...needed, ...chosen, ...free].map(([key, each]) => [key, valueFor(key, each, growth, depth + 1)]),
  )
}

function requiredIn(shape: Shape): readonly unknown[] {
  return 'required' in shape && Array.isArray(shape.required) ? shape.required : []
}

function resolved(shape: Shape): [name: string, shape: Shape] {
  const name = shape.$ref?.replace('#/$defs/', '') ?? ''
  return [name, SCHEMA.$defs?.[name] ?? shape]
}

function textFor(shape: Shape, { random, wrong }: Growth): string {
  const words = 'enum' in shape && Array.isArray(shape.enum) ? shape.enum.map(String) : []
  if (words.length > 0 && random.chance(1 - wrong)) return random.pick(words)
  if (random.chance(0.2)) return wrong === 0 ? '${A:-x}${UNSET-}$$' : template(random, 0)
  return wrong === 0 || random.chance(0.5) ? random.pick(NAMES) : random.pick(SCALARS)
}

function anything(random: Random): unknown {
  return random.pick<unknown>([null, true, 0, -1.5, '', 'text', [], {}, [null], [[]], { a: [{}] }, ['a', 'a']])
}

/** A text with variables, right and wrong. */
export function template(random: Random, depth: number): string {
  const parts = random.several(1, 3, () => {
    if (depth > 3 || random.chance(0.3)) return random.pick(SCALARS)
    const name = random.pick(['A', 'B', 'DB_PASSWORD', 'UNSET', '_', '1', ''])
    const operator = random.pick(['', '-', ':-', '+', ':+', '?', ':?', '!', ':'])
    return random.chance(0.2) ? `$${name}` : `\${${name}${operator}${operator ? template(random, depth + 1) : ''}}`
  })
  return parts.join('')
}
