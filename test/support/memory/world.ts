import { createHash } from 'node:crypto'
import type { ReadEntry } from '../../../src/archive/read-tar.ts'
import type {
  ContainerState,
  EngineEvent,
  Health,
  MountPoint,
  ProbeResult,
  VolumeDetail,
} from '../../../src/docker/port.ts'
import { EngineError } from '../../../src/docker/port.ts'
import type { ContainerSpec, EndpointSpec, NetworkSpec } from '../../../src/docker/spec.ts'
import type { Clock } from '../../../src/execute/step-context.ts'
import type { ImageFixture } from './fixture.ts'

/** Everything that the engine in memory knows. Times are milliseconds of its clock. */
export interface World {
  clock: Clock
  apiVersion: string
  images: Map<string, StoredImage>
  /** When a name was last given to an image, by its id. */
  tagged: Map<string, string>
  registry: Record<string, ImageFixture>
  containers: Map<string, StoredContainer>
  networks: Map<string, StoredNetwork>
  volumes: Map<string, VolumeDetail>
  /** What lies in volumes and mounted directories, by its path on the host. */
  data: Map<string, Uint8Array>
  /** What is known of files, folders and links in them beside that. */
  mountedNodes: Map<string, StoredNode>
  /** Host ports held by processes that are no containers. */
  portsInUse: Set<number>
  listeners: Set<(event: EngineEvent) => void>
  /** The last events, as many as an engine remembers. */
  history: EngineEvent[]
  /** Counts everything that needs an identity. */
  sequence: number
}

export interface StoredImage {
  id: string
  fixture: ImageFixture
}

export interface StoredContainer {
  id: string
  name: string
  spec: ContainerSpec
  image: StoredImage
  created: number
  state: ContainerState
  exitCode: number
  error: string
  oomKilled: boolean
  startedAt?: number
  finishedAt?: number
  restartCount: number
  /** A container stopped by hand is not restarted. */
  stoppedByHand: boolean
  health?: { status: Health; failingStreak: number; log: ProbeResult[] }
  endpoints: Map<string, StoredEndpoint>
  mounts: (MountPoint & { anonymous: boolean })[]
  ports: { hostIp: string; published: number; target: number; protocol: string }[]
  log: { at: number; stream: 'stdout' | 'stderr'; text: string }[]
  /** What was put into it, by absolute path. */
  files: Map<string, Uint8Array>
  /** What is known of files, folders and links beside that, by absolute path. */
  nodes: Map<string, StoredNode>
  /** Ends what the running process still had to do. */
  life?: AbortController
  /** Ends the engine's own health tests of it. */
  testing?: AbortController
}

export type StoredNode = Omit<ReadEntry, 'content' | 'path' | 'size'>

/** The network's id is known from the first start on; an address is held while the container runs. */
export interface StoredEndpoint {
  spec: EndpointSpec
  networkId: string
  address?: string
}

export interface StoredNetwork {
  id: string
  spec: NetworkSpec
  created: number
  predefined: boolean
  subnet: string
}

/** 64 hexadecimal digits, the same for the same history. */
export function newId(world: World, kind: string): string {
  return hash(`${kind} ${world.sequence++}`)
}

export function hash(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex')
}

/** 41 of `1.41`. */
export function minorOf({ apiVersion }: World): number {
  return Number(apiVersion.split('.')[1])
}

const EPOCH = Date.UTC(2026, 0, 1)

/** Milliseconds since 1970. */
export function wallTime(at: number): number {
  return EPOCH + at
}

export function rfc3339(at: number): string {
  return new Date(wallTime(at)).toISOString()
}

const REMEMBERED = 256

export function emit(
  world: World,
  type: string,
  action: string,
  id: string,
  attributes: Record<string, string> = {},
): void {
  const event = { type, action, id, attributes, timeNano: BigInt(Math.round(wallTime(world.clock.now()))) * 1_000_000n }
  world.history.push(event)
  if (world.history.length > REMEMBERED) world.history.shift()
  for (const listener of [...world.listeners]) listener(event)
}

export function refuse(status: number, message: string): never {
  throw new EngineError(message, status)
}
