import { createHash } from 'node:crypto'
import fc from 'fast-check'
import type { Declared } from '../../src/backend/backend.ts'
import { Graph } from '../../src/graph/graph.ts'
import { dependenciesOf } from '../../src/stack/dependencies.ts'
import type { Condition, Service, Stack } from '../../src/stack/model.ts'
import { NOTHING_SENSITIVE } from '../../src/stack/sensitive.ts'
import type { ImageFixture } from '../support/memory/fixture.ts'
import { type MemoryEngine, type MemoryOptions, memoryEngine } from '../support/memory-engine.ts'

export type Draft = Partial<Omit<Stack, 'services'>> & { services: Record<string, Service> }

/** A canonical stack from its services: a default network for each, and whatever else is given. */
export function stackOf(draft: Draft): Stack {
  const name = draft.name ?? 'lab'
  const services = Object.entries(draft.services).map(([key, service]) => [
    key,
    { image: 'app:1', ...(!service.network_mode && { networks: { default: null } }), ...service },
  ])
  return {
    name,
    inactive: {},
    networks: { default: { name: `${name}_default` } },
    volumes: {},
    secrets: {},
    configs: {},
    origin: { workingDir: '/lab', configFiles: ['/lab/stack.yaml'] },
    digests: {},
    ...draft,
    services: Object.fromEntries(services),
  }
}

export function declared(stack: Stack): Declared {
  const needs = Object.entries(stack.services).map(
    ([name, service]) => [name, dependenciesOf(service).map((edge) => edge.service)] as const,
  )
  return { stack, graph: new Graph(needs), sensitive: NOTHING_SENSITIVE, spanOf: () => undefined }
}

/** The same data with the keys of every mapping in another order. */
export function turned<T>(value: T): T {
  if (Array.isArray(value)) return value.map(turned) as T
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).reverse()
  return Object.fromEntries(entries.map(([key, each]) => [key, turned(each)])) as T
}

/** What the images of generated stacks do on the in-memory engine. Times are virtual. */
export const IMAGES: Record<string, ImageFixture> = {
  'app:1': { cmd: ['run'], volumes: ['/cache'] },
  'lean:1': { cmd: ['run'] },
  'lean:2': { cmd: ['run'], content: 'newer' },
  'app:2': { cmd: ['run'], volumes: ['/cache'], content: 'newer' },
  'db:1': { cmd: ['serve'], passesAfter: 200, exposedPorts: ['5432/tcp'] },
  'job:1': { cmd: ['work'], exits: { after: 100, code: 0 } },
}

/** Laws hold on engines of both kinds: one network or all at creation, names of networks once or many times, modes that must resolve. */
const API_VERSIONS = ['1.41', '1.51'] as const

/** An engine for a generated case; which kind it is follows from the case, so that it is the same every time. */
export function engineFor(stack: Stack, options: MemoryOptions = {}): MemoryEngine {
  const [byte = 0] = createHash('sha256').update(JSON.stringify(stack)).digest()
  const apiVersion = API_VERSIONS[byte % API_VERSIONS.length] ?? '1.41'
  return memoryEngine({ images: IMAGES, apiVersion, ...options })
}

const NAMES = ['a', 'b', 'c', 'd', 'e'] as const

interface Sketch {
  role: 'app' | 'db' | 'job'
  needs: number[]
  replicas: number
  rev: string
  volume: boolean
  extraNetwork: boolean
  published: boolean
  restart: string
  anonymous: boolean
  /** In the network namespace of the service before. */
  guest: boolean
  update: { order: string; parallelism: number; failure_action: string } | null
}

const sketches = fc.record<Sketch>({
  role: fc.constantFrom('app', 'db', 'job'),
  needs: fc.array(fc.nat(4), { maxLength: 3 }),
  replicas: fc.integer({ min: 0, max: 2 }),
  rev: fc.constantFrom('1', '2'),
  volume: fc.boolean(),
  extraNetwork: fc.boolean(),
  published: fc.boolean(),
  restart: fc.constantFrom('', 'always', 'unless-stopped'),
  anonymous: fc.boolean(),
  guest: fc.boolean(),
  update: fc.option(
    fc.record({
      order: fc.constantFrom('start-first', 'stop-first'),
      parallelism: fc.nat(2),
      failure_action: fc.constantFrom('pause', 'continue', 'rollback'),
    }),
  ),
})

/** Stacks of up to five services that can really come up: acyclic, conditions that their targets can meet, no port twice. */
export const stacks: fc.Arbitrary<Stack> = fc.array(sketches, { minLength: 1, maxLength: NAMES.length }).map(toStack)

function toStack(drafts: Sketch[]): Stack {
  const wanted = new Set(drafts.flatMap((each, i) => each.needs.filter((need) => need < i)))
  const services = drafts.map((draft, i) => [NAMES[i] ?? 'z', toService(draft, i, drafts, wanted.has(i))] as const)
  return stackOf({
    services: Object.fromEntries(services),
    networks: { default: { name: 'lab_default' }, back: { name: 'lab_back' } },
    volumes: { data: { name: 'lab_data' } },
  })
}

/** A job that nobody waits for would run again at every `up`: it becomes an app. */
function toService(draft: Sketch, index: number, drafts: Sketch[], isWanted: boolean): Service {
  const role = draft.role === 'job' && !isWanted ? 'app' : draft.role
  const app = `${draft.update ? 'lean' : 'app'}:${draft.rev}`
  const image = { app, db: 'db:1', job: 'job:1' }[role]
  const needs = [...new Set(draft.needs.filter((need) => need < index))]
  const depends = needs.map(
    (need) => [NAMES[need] ?? 'z', { condition: conditionFor(drafts[need]?.role), required: true }] as const,
  )
  const volumes = [
    ...(draft.volume ? [{ type: 'volume' as const, source: 'data', target: '/data' }] : []),
    ...(draft.anonymous ? [{ type: 'volume' as const, target: '/anonymous' }] : []),
  ]
  const guest = isGuest(drafts, index)
  return {
    image,
    environment: { REV: draft.rev },
    ...(guest
      ? { network_mode: `service:${NAMES[index - 1]}` }
      : { networks: { default: null, ...(draft.extraNetwork && { back: { aliases: ['alias'] } }) } }),
    ...(draft.update && { deploy: { update_config: draft.update } }),
    ...(role === 'db' && { healthcheck: { test: ['CMD', 'true'] } }),
    ...(role !== 'job' && draft.restart && { restart: draft.restart }),
    ...(role !== 'job' && draft.replicas !== 1 && { scale: draft.replicas }),
    ...(depends.length > 0 && { depends_on: Object.fromEntries(depends) }),
    ...(volumes.length > 0 && { volumes }),
    ...(draft.published &&
      draft.replicas === 1 &&
      !guest && { ports: [{ target: 80, published: `${8000 + index}`, protocol: 'tcp' }] }),
  }
}

/** A host has one container that goes on, and is not a guest itself. */
function isGuest(drafts: Sketch[], index: number): boolean {
  const host = drafts[index - 1]
  return (
    drafts[index]?.guest === true && host !== undefined && !host.guest && host.role !== 'job' && host.replicas === 1
  )
}

function conditionFor(role: Sketch['role'] | undefined): Condition {
  if (role === 'db') return 'service_healthy'
  return role === 'job' ? 'service_completed_successfully' : 'service_started'
}
