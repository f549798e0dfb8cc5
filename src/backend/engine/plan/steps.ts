import type { ContainerSummary } from '../../../docker/port.ts'
import type { ContainerSpec } from '../../../docker/spec.ts'
import type { After, FieldChange, Step, StepId, When } from '../../../plan/step.ts'
import type { Address } from '../../../stack/address.ts'
import { OURS } from '../../../stack/labels.ts'
import type { FileReference } from '../../../stack/model.ts'
import type { CarriedVolume, EngineAction, FileSource, Id } from '../action.ts'
import type { Lowered } from '../lower/lower.ts'
import { fileTarget } from '../lower/storage.ts'
import { serviceIn, type UpContext } from './context.ts'
import type { PlannedImage } from './images.ts'
import type { PlannedNetwork } from './networks.ts'
import type { Rollout } from './rollout.ts'
import type { Slot } from './slots.ts'

/** Everything that planning one replica needs, found out before. */
export interface ReplicaInput {
  context: UpContext
  slot: Slot
  lowered: Lowered
  image: PlannedImage
  networks: { key: string; planned: PlannedNetwork }[]
  /** The containers whose namespaces or volumes it shares. */
  shares: Id[]
  /** Steps before the container can be created: volumes, names that must become free. */
  before: StepId[]
  /** What must be true before it may start. */
  ready: After[]
  waiting: string[]
  /** How its service's containers are replaced; absent where it says nothing, or nothing is replaced. */
  rollout?: Rollout
}

/** A replica once the plan has been carried out. */
export interface PlannedReplica {
  slot: Slot
  container: Id
  /** The steps after which it has been started; none if it runs already. */
  started: StepId[]
  /** The step after which it stands under its own name. */
  settled: StepId[]
  /** What comes after the old container has been started again, should the new one fail. */
  undone?: After[]
  /** The condition under which it is replaced at all. */
  when?: When
}

export function addressOf(slot: Slot): Address {
  return `container/${slot.service}/${slot.index}`
}

/** The ids of the waits that may stand between a start and the removal of what it replaces. */
export function waitIds(slot: Slot): StepId[] {
  return ['service_healthy', 'service_completed_successfully', 'running_or_healthy', 'monitored'].map(
    (each) => `wait:${addressOf(slot)}:${each}`,
  )
}

/** Adds a step of this replica's group. */
export function adder({ context, slot }: ReplicaInput, when?: When) {
  const subject = addressOf(slot)
  return (step: Omit<Step<EngineAction>, 'subject' | 'after'> & { after: (After | StepId | undefined)[] }): StepId =>
    context.builder.add({
      subject,
      group: subject,
      ...step,
      ...(when && { when, after: [...step.after, when.output] }),
    })
}

export interface Created {
  container: Id
  /** The step that creates it, if it was not there already. */
  created?: StepId
  suffix: string
  when?: When
}

export interface CreateOptions {
  suffix: string
  name: string
  cause: string
  changes?: FieldChange[]
  replaces?: string
  when?: When
  /** The restart policy of what it replaces. */
  policy?: string
  /** Without the names by which others find the service: it draws no traffic yet. */
  unnamed?: boolean
}

export function addCreate(input: ReplicaInput, options: CreateOptions): Created & { prepared: StepId[] } {
  const { slot, lowered, image, networks } = input
  const address = addressOf(slot)
  const several = input.context.api >= 144
  const joined = lowered.endpoints.flatMap(([key, endpoint]) => {
    const planned = networks.find((each) => each.key === key)?.planned
    return planned ? [{ key, planned, endpoint: options.unnamed ? { ...endpoint, Aliases: [] } : endpoint }] : []
  })
  const atCreation = several ? joined : joined.slice(0, 1)
  const carry = carried(input, options)
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
      spec: replacing(lowered.spec, options),
      ...(image.id && { image: image.id }),
      ...(lowered.platform && { platform: lowered.platform }),
      ...(carry.length > 0 && { carry }),
      ...(input.shares.length > 0 && { shares: input.shares }),
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

/** NEXT says what it replaces, and what has to be given back if the replacement is given up. */
function replacing(spec: ContainerSpec, { replaces, policy }: CreateOptions): ContainerSpec {
  if (!replaces) return spec
  return { ...spec, Labels: { ...spec.Labels, [OURS.replaces]: replaces, ...(policy && { [OURS.policy]: policy }) } }
}

/** The anonymous volumes of the old container that could go on, unless the user wants new ones. What others use too is not its own. */
function carried({ context, slot, lowered }: ReplicaInput, { replaces }: CreateOptions): CarriedVolume[] {
  if (!replaces || context.intent.renewAnonymousVolumes) return []
  const taken = targetsTaken(lowered.spec)
  const elsewhere = new Set(
    context.observed.containers.filter((each) => each.id !== slot.current?.id).flatMap(volumesIn),
  )
  return (slot.current?.mounts ?? []).flatMap(({ type, name, target }) => {
    const own = type === 'volume' && name !== undefined && isAnonymous(name) && !elsewhere.has(name)
    return own && !taken.has(target) ? [{ volume: name, target }] : []
  })
}

/** Where something else is declared: a named volume, a directory, memory. */
function targetsTaken({ HostConfig: host }: ContainerSpec): Set<string> {
  const mounts = (host.Mounts ?? []).filter((each) => each.Type !== 'volume' || each.Source).map((each) => each.Target)
  const binds = (host.Binds ?? []).map((bind) => bind.split(':')[1] ?? '')
  return new Set([...mounts, ...binds, ...Object.keys(host.Tmpfs ?? {})])
}

function volumesIn(container: ContainerSummary): string[] {
  return container.mounts.flatMap((mount) => mount.name ?? [])
}

/** The engine names volumes that nobody named by 64 hexadecimal digits. */
export function isAnonymous(volume: string): boolean {
  return /^[0-9a-f]{64}$/.test(volume)
}

/** Files are copied into a container that has never run; one left by an interrupted command may lack them. */
export function addFiles(
  input: ReplicaInput,
  container: Id,
  options: Pick<CreateOptions, 'suffix' | 'when'>,
  created?: StepId,
): StepId[] {
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

export function addStart(input: ReplicaInput, created: Created, after: (After | StepId)[], cause: string): StepId[] {
  const { slot, context, waiting } = input
  if (context.intent.noStart) return []
  const action = { kind: 'start-container', service: slot.service, container: created.container, waiting } as const
  const id = `start${created.suffix}:${addressOf(slot)}`
  return [adder(input, created.when)({ id, verb: 'start', cause, after: [...after, ...input.ready], action })]
}

/** Networks that the engine does not list for the container, though it was created to be in them. */
export function planConnects(input: ReplicaInput, container = input.slot.current?.id ?? ''): StepId[] {
  const { context, slot, lowered, networks } = input
  const present = context.observed.containers.find((each) => each.id === container)?.networks ?? {}
  const add = adder(input)
  return lowered.endpoints.flatMap(([key, endpoint]) => {
    const planned = networks.find((each) => each.key === key)?.planned
    const name = context.declared.stack.networks[key]?.name ?? ''
    const there = name in present || Object.values(present).some((each) => each.networkId === planned?.id)
    if (!planned || there) return []
    const action = { kind: 'connect-network', network: planned.id, container, endpoint } as const
    const id = `connect:${addressOf(slot)}:${key}`
    return [add({ id, verb: 'connect', cause: `it is not in network "${key}"`, after: [planned.step], action })]
  })
}
