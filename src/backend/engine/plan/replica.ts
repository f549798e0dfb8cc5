import type { ContainerSpec } from '../../../docker/spec.ts'
import type { After, FieldChange, Step, StepId, When } from '../../../plan/step.ts'
import type { Address } from '../../../stack/address.ts'
import { OURS } from '../../../stack/labels.ts'
import type { FileReference } from '../../../stack/model.ts'
import type { EngineAction, FileSource, Id } from '../action.ts'
import type { Lowered } from '../lower/lower.ts'
import { fileTarget } from '../lower/storage.ts'
import { serviceIn, type UpContext } from './context.ts'
import type { PlannedImage } from './images.ts'
import type { PlannedNetwork } from './networks.ts'
import { nextName, type Slot } from './slots.ts'
import { graceOf } from './stop.ts'

/** Everything that planning one replica needs, found out before. */
export interface ReplicaInput {
  context: UpContext
  slot: Slot
  lowered: Lowered
  image: PlannedImage
  networks: { key: string; planned: PlannedNetwork }[]
  /** Steps before the container can be created: volumes, names that must become free. */
  before: StepId[]
  /** What must be true before it may start. */
  ready: After[]
  waiting: string[]
}

/** A replica once the plan has been carried out. */
export interface PlannedReplica {
  slot: Slot
  container: Id
  /** The steps after which it has been started; none if it runs already. */
  started: StepId[]
  /** The step after which it stands under its own name. */
  settled: StepId[]
}

export function addressOf(slot: Slot): Address {
  return `container/${slot.service}/${slot.index}`
}

/** The ids of the waits that may stand between a start and the removal of what it replaces. */
export function waitIds(slot: Slot): StepId[] {
  return ['service_healthy', 'service_completed_successfully', 'running_or_healthy'].map(
    (each) => `wait:${addressOf(slot)}:${each}`,
  )
}

export function planCreate(input: ReplicaInput, cause: string): PlannedReplica {
  const { slot } = input
  const created = addCreate(input, { suffix: '', name: slot.name, cause })
  const started = addStart(input, created, created.prepared, cause)
  return { slot, container: created.container, started, settled: started.length > 0 ? started : created.prepared }
}

export function planStart(input: ReplicaInput, cause: string, when?: When): PlannedReplica {
  const { slot } = input
  const container = slot.current?.id ?? ''
  const prepared = planConnects(input)
  const started = addStart(input, { container, suffix: '', ...(when && { when }) }, prepared, cause)
  return { slot, container, started, settled: started }
}

/** A kept container that someone disconnected is connected again; one that has done its work needs no network. */
export function planKeep(input: ReplicaInput): PlannedReplica {
  const settled = input.slot.current?.state === 'exited' ? [] : planConnects(input)
  const { slot, context } = input
  if (settled.length === 0 && slot.current?.name === slot.name) context.builder.unchanged(addressOf(slot))
  return { slot, container: slot.current?.id ?? '', started: [], settled }
}

/**
 * NEXT is created under a temporary name and connected while the old container still runs; then: the old one's restart policy off,
 * stop it, start NEXT, wait until ready where something waits, remove the old one, give NEXT its name. Every state between two of
 * these steps is one that the next command recognises and continues from.
 */
export function planReplace(input: ReplicaInput, cause: string, changes: FieldChange[], when?: When): PlannedReplica {
  const old = input.slot.current
  if (!old) return planCreate(input, cause)
  const condition = when ? { when } : {}
  const name = nextName(input.slot.name)
  const created = addCreate(input, { suffix: '-next', name, cause, changes, replaces: old.id, ...condition })
  return finishReplace(input, { ...created, cause, ...condition })
}

/** Goes on with a replacement that an earlier command left: NEXT is there, of the wanted revision. */
export function planResume(input: ReplicaInput, cause: string): PlannedReplica {
  const next = input.slot.next
  const created = { container: next?.id ?? '', prepared: planConnects(input, next?.id), suffix: '-next', cause }
  return finishReplace(input, created)
}

interface Replacement extends Created {
  prepared: StepId[]
  cause: string
}

function finishReplace(input: ReplicaInput, next: Replacement): PlannedReplica {
  const { slot } = input
  const address = addressOf(slot)
  const old = slot.current?.id ?? ''
  const add = adder(input, next.when)
  const stopped = add({
    id: `stop:${address}`,
    verb: 'stop',
    cause: next.cause,
    after: [...next.prepared, ...input.ready, ...calmDown(input, next)],
    risk: 'downtime',
    action: stopAction(input, old),
  })
  const started = addStart(input, next, [stopped], next.cause)
  if (started.length > 0) addUndo(input, next, [...started, ...waitIds(slot)])
  const removed = add({
    id: `remove:${address}`,
    verb: 'remove',
    cause: 'replaced',
    after: [stopped, ...started, ...waitIds(slot)],
    action: { kind: 'remove-container', container: old, volumes: false, force: false },
  })
  const renamed = add({
    id: `rename:${address}`,
    verb: 'rename',
    cause: 'takes its place',
    after: [removed],
    action: { kind: 'rename-container', container: next.container, name: slot.name },
  })
  return { slot, container: next.container, started, settled: [renamed] }
}

/** A stopped container with a restart policy comes back with the engine: while it is being replaced it must not. */
function calmDown(input: ReplicaInput, next: Replacement): StepId[] {
  const { slot } = input
  if (oldPolicy(input).name === 'no') return []
  const cause = 'it must not come back by itself while it is replaced'
  const action = { kind: 'set-restart-policy', container: slot.current?.id ?? '', policy: { name: 'no' } } as const
  const after = [...next.prepared, ...input.ready]
  return [adder(input, next.when)({ id: `update:${addressOf(slot)}`, verb: 'update', cause, after, action })]
}

/** If NEXT does not start, or does not become ready, the old container runs again as it did, and NEXT goes. */
function addUndo(input: ReplicaInput, next: Replacement, risky: StepId[]): void {
  const { slot } = input
  const address = addressOf(slot)
  const old = slot.current?.id ?? ''
  const add = adder(input, next.when)
  const cause = 'the new one failed: the old one comes back'
  const failed = risky.map((step) => ({ step, on: 'failure' }) as const)
  const undo = (
    id: string,
    verb: 'stop' | 'update' | 'start' | 'remove',
    after: (After | StepId)[],
    action: EngineAction,
  ) => add({ id: `undo-${id}:${address}`, verb, cause, after: [...failed, ...after], action })
  const policy = oldPolicy(input)
  // Where NEXT could not even be created there is nothing to undo, and nothing may stand in for it.
  const container =
    typeof next.container === 'string' ? next.container : { ref: next.container.ref, field: next.container.field }
  const stopped = undo('stop', 'stop', next.created ? [next.created] : [], { kind: 'stop-container', container })
  const restore = { kind: 'set-restart-policy', container: old, policy } as const
  const restored = policy.name === 'no' ? stopped : undo('update', 'update', [stopped], restore)
  const start: EngineAction = { kind: 'start-container', service: slot.service, container: old, waiting: [] }
  const back = slot.current?.state === 'running' ? undo('start', 'start', [restored], start) : restored
  const remove = { kind: 'remove-container', container, volumes: false, force: true } as const
  undo('remove', 'remove', [stopped, { step: back, on: 'settled' }], remove)
}

/** The restart policy that the old container had before: as inspected, else, being as declared, the declared one. */
function oldPolicy({ context, slot, lowered }: ReplicaInput): { name: string; maximumRetryCount?: number } {
  const detail = context.observed.details[slot.current?.id ?? '']
  const interrupted = slot.next !== undefined
  const found = detail && !interrupted ? detail.spec.HostConfig.RestartPolicy : lowered.spec.HostConfig.RestartPolicy
  const { Name, MaximumRetryCount } = found ?? { Name: 'no', MaximumRetryCount: 0 }
  return { name: Name || 'no', ...(MaximumRetryCount > 0 && { maximumRetryCount: MaximumRetryCount }) }
}

/** Adds a step of this replica's group. */
function adder({ context, slot }: ReplicaInput, when?: When) {
  const subject = addressOf(slot)
  return (step: Omit<Step<EngineAction>, 'subject' | 'after'> & { after: (After | StepId | undefined)[] }): StepId =>
    context.builder.add({
      subject,
      group: subject,
      ...step,
      ...(when && { when, after: [...step.after, when.output] }),
    })
}

interface Created {
  container: Id
  /** The step that creates it, if it was not there already. */
  created?: StepId
  suffix: string
  when?: When
}

interface CreateOptions {
  suffix: string
  name: string
  cause: string
  changes?: FieldChange[]
  replaces?: string
  when?: When
}

function addCreate(input: ReplicaInput, options: CreateOptions): Created & { prepared: StepId[] } {
  const { slot, lowered, image, networks } = input
  const address = addressOf(slot)
  const several = input.context.api >= 144
  const joined = lowered.endpoints.flatMap(([key, endpoint]) => {
    const planned = networks.find((each) => each.key === key)?.planned
    return planned ? [{ key, planned, endpoint }] : []
  })
  const atCreation = several ? joined : joined.slice(0, 1)
  const add = adder(input, options.when)
  const created = add({
    id: `create${options.suffix}:${address}`,
    verb: 'create',
    cause: options.cause,
    ...(options.changes?.length && { changes: options.changes }),
    after: [image.step, ...input.before, ...joined.map(({ planned }) => planned.step)],
    action: {
      kind: 'create-container',
      service: slot.service,
      name: options.name,
      spec: replacing(lowered.spec, slot, options.replaces),
      ...(image.id && { image: image.id }),
      ...(lowered.platform && { platform: lowered.platform }),
      networks: atCreation.map(({ planned, endpoint }) => ({ id: planned.id, endpoint })),
    },
  })
  const container: Id = { ref: created, field: 'containerId', ...(options.replaces && { otherwise: options.replaces }) }
  const connects = joined.slice(atCreation.length).map(({ key, planned, endpoint }) =>
    add({
      id: `connect${options.suffix}:${address}:${key}`,
      verb: 'connect',
      cause: options.cause,
      after: [created],
      action: { kind: 'connect-network', network: planned.id, container, endpoint },
    }),
  )
  const files = addFiles(input, container, options, created)
  return {
    container,
    created,
    suffix: options.suffix,
    prepared: [created, ...connects, ...files],
    ...(options.when && { when: options.when }),
  }
}

/** NEXT says what it replaces, and takes over the anonymous volumes of the old container. */
function replacing(spec: ContainerSpec, slot: Slot, replaces: string | undefined): ContainerSpec {
  if (!replaces) return spec
  const declared = new Set([...(spec.HostConfig.Mounts ?? []).filter((each) => each.Source).map((each) => each.Target)])
  const binds = new Set((spec.HostConfig.Binds ?? []).map((bind) => bind.split(':')[1]))
  const carried = (slot.current?.mounts ?? []).filter(
    (each) =>
      each.type === 'volume' &&
      each.name &&
      isAnonymous(each.name) &&
      !declared.has(each.target) &&
      !binds.has(each.target),
  )
  const targets = new Set(carried.map((each) => each.target))
  const mounts = (spec.HostConfig.Mounts ?? []).filter((each) => !targets.has(each.Target))
  const added = carried.map((each) => ({ Type: 'volume', Source: each.name ?? '', Target: each.target }))
  const names = carried.map((each) => each.name).join(',')
  return {
    ...spec,
    Labels: { ...spec.Labels, [OURS.replaces]: replaces, ...(names && { [OURS.carried]: names }) },
    HostConfig: { ...spec.HostConfig, Mounts: [...mounts, ...added] },
  }
}

/** The engine names volumes that nobody named by 64 hexadecimal digits. */
export function isAnonymous(volume: string): boolean {
  return /^[0-9a-f]{64}$/.test(volume)
}

function addFiles(input: ReplicaInput, container: Id, options: CreateOptions, created: StepId): StepId[] {
  const { context, slot } = input
  const service = serviceIn(context, slot.service)
  const { stack } = context.declared
  const files = [
    ...sources(service.secrets ?? [], stack.secrets, 'secret', '/run/secrets/'),
    ...sources(service.configs ?? [], stack.configs, 'config', '/'),
  ]
  if (files.length === 0) return []
  const action = { kind: 'put-files', container, files } as const
  const id = `copy${options.suffix}:${addressOf(slot)}`
  return [
    adder(
      input,
      options.when,
    )({ id, verb: 'copy', cause: 'secrets and configs without a file of their own', after: [created], action }),
  ]
}

function sources(
  references: FileReference[],
  objects: Record<string, { file?: string }>,
  kind: string,
  home: string,
): FileSource[] {
  return references
    .filter((reference) => objects[reference.source]?.file === undefined)
    .map((reference) => ({
      content: `${kind}/${reference.source}`,
      target: fileTarget(reference, home),
      uid: Number(reference.uid ?? 0),
      gid: Number(reference.gid ?? 0),
      mode: Number.parseInt(reference.mode ?? '0444', 8),
    }))
}

function addStart(input: ReplicaInput, created: Created, after: StepId[], cause: string): StepId[] {
  const { slot, context, waiting } = input
  if (context.intent.noStart) return []
  const action = { kind: 'start-container', service: slot.service, container: created.container, waiting } as const
  const id = `start${created.suffix}:${addressOf(slot)}`
  return [adder(input, created.when)({ id, verb: 'start', cause, after: [...after, ...input.ready], action })]
}

/** Networks that the engine does not list for the container, though it was created to be in them. */
function planConnects(input: ReplicaInput, container = input.slot.current?.id ?? ''): StepId[] {
  const { context, slot, lowered, networks } = input
  const present = context.observed.containers.find((each) => each.id === container)?.networks ?? {}
  const add = adder(input)
  return lowered.endpoints.flatMap(([key, endpoint]) => {
    const planned = networks.find((each) => each.key === key)?.planned
    const name = context.declared.stack.networks[key]?.name ?? ''
    const there = name in present || Object.values(present).some((each) => each.networkId === planned?.id)
    if (!planned || (there && !planned.recreated)) return []
    const action = { kind: 'connect-network', network: planned.id, container, endpoint } as const
    const id = `connect:${addressOf(slot)}:${key}`
    return [add({ id, verb: 'connect', cause: `it is not in network "${key}"`, after: [planned.step], action })]
  })
}

function stopAction({ context, slot }: ReplicaInput, container: string): EngineAction {
  return { kind: 'stop-container', container, ...graceOf(context.intent.timeout, serviceIn(context, slot.service)) }
}
