import type { Engine } from '../../src/docker/port.ts'
import type { Clock } from '../../src/execute/step-context.ts'
import { virtualClock } from './clock.ts'
import { archiveCalls } from './memory/archives.ts'
import { containerCalls } from './memory/containers.ts'
import { type BuildFixture, type ImageFixture, RUNS } from './memory/fixture.ts'
import { imageArchiveCalls } from './memory/image-archives.ts'
import { imageCalls, putImage } from './memory/images.ts'
import { lookCalls } from './memory/look.ts'
import { addNetwork, networkCalls } from './memory/networks.ts'
import { sessionCalls } from './memory/sessions.ts'
import { streamCalls } from './memory/streams.ts'
import { volumeCalls } from './memory/volumes.ts'
import type { World } from './memory/world.ts'

export interface Call {
  method: keyof Engine
  args: unknown[]
}

/** What is thrown here is what the caller gets: before the engine did it, or after. */
export interface Hooks {
  /** What they return is waited for; what they throw is the call's end. */
  before?(call: Call): void | Promise<void>
  after?(call: Call): void | Promise<void>
}

/**
 * An engine without a machine. What it does follows the contract suite, which the real one passes too. Where it lies: sources of bind mounts
 * always exist; names resolve nowhere; a pull or build takes 100 ms; what a paused container's own program does goes on; swarms and plugins do not exist.
 */
export interface MemoryEngine extends Engine {
  /** Every call so far, in the order in which they started. Empty it to count again. */
  calls: Call[]
  hooks: Hooks
  clock: Clock
  /** The same engine for others: not recorded, without hooks. */
  behindTheBack: Engine
  /** As if somebody had built or pulled it. */
  putImage(reference: string, fixture: ImageFixture): void
  world: World
}

export interface MemoryOptions {
  clock?: Clock
  /** Images that are there, by reference. */
  images?: Record<string, ImageFixture>
  /** Images that can be pulled. */
  registry?: Record<string, ImageFixture>
  build?: BuildFixture
  /** Default `1.41`. */
  apiVersion?: string
  /** Host ports that processes outside any container hold. */
  portsInUse?: number[]
}

export function memoryEngine(options: MemoryOptions = {}): MemoryEngine {
  const world = newWorld(options)
  for (const [reference, fixture] of Object.entries(options.images ?? {})) putImage(world, reference, fixture)
  for (const name of ['bridge', 'host', 'none'])
    addNetwork(world, { Name: name, Driver: name === 'none' ? 'null' : name }, true)
  const calls: Call[] = []
  const hooks: Hooks = {}
  const plain = engineOf(world, options.build ?? (() => RUNS))
  return {
    ...recorded(plain, calls, hooks),
    calls,
    hooks,
    clock: world.clock,
    behindTheBack: plain,
    putImage: (reference, fixture) => void putImage(world, reference, fixture),
    world,
  }
}

function newWorld({
  clock = virtualClock(),
  apiVersion = '1.41',
  registry = {},
  portsInUse = [],
}: MemoryOptions): World {
  return {
    clock,
    apiVersion,
    images: new Map(),
    tagged: new Map(),
    registry: { ...registry },
    containers: new Map(),
    networks: new Map(),
    volumes: new Map(),
    data: new Map(),
    mountedNodes: new Map(),
    portsInUse: new Set(portsInUse),
    listeners: new Set(),
    history: [],
    sequence: 0,
  }
}

function engineOf(world: World, build: BuildFixture): Engine {
  return {
    version: async () => ({ version: 'memory', apiVersion: world.apiVersion, os: 'linux', arch: 'amd64' }),
    apiVersion: async () => world.apiVersion,
    registryCredentials: async () => ({}),
    ...containerCalls(world),
    ...archiveCalls(world),
    ...networkCalls(world),
    ...volumeCalls(world),
    ...imageCalls(world, build),
    ...imageArchiveCalls(world),
    ...streamCalls(world),
    ...lookCalls(world),
    ...sessionCalls(world),
  }
}

type Method = (...args: unknown[]) => unknown

function recorded(engine: Engine, calls: Call[], hooks: Hooks): Engine {
  const wrapped = Object.entries(engine).map(([name, method]) => {
    const method_ = method as Method
    const wrapper = (...args: unknown[]) => {
      const call = { method: name as keyof Engine, args }
      calls.push(call)
      return name === 'logs' || name === 'stats' ? watchedLogs(method_, call, hooks) : watched(method_, call, hooks)
    }
    return [name, wrapper]
  })
  return Object.fromEntries(wrapped) as Engine
}

/** As over a connection, nothing happens before the caller has gone on. */
async function watched(method: Method, call: Call, hooks: Hooks): Promise<unknown> {
  await undefined
  call.args.find((arg) => arg instanceof AbortSignal)?.throwIfAborted()
  const before = hooks.before?.(call)
  if (before) await before
  const answer = await method(...call.args)
  const after = hooks.after?.(call)
  if (after) await after
  return answer
}

async function* watchedLogs(method: Method, call: Call, hooks: Hooks): AsyncGenerator<unknown> {
  await hooks.before?.(call)
  yield* method(...call.args) as AsyncIterable<unknown>
  await hooks.after?.(call)
}
