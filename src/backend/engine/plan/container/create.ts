import type { ContainerSpec, EndpointSpec } from '../../../../docker/spec.ts'
import type { FieldChange, StepId, When } from '../../../../plan/step.ts'
import { stepIds, type Variant } from '../../../../plan/step-id.ts'
import { OURS } from '../../../docker/labels.ts'
import type { CarriedVolume, EngineAction, Id } from '../../action.ts'
import { adder, addressOf } from '../steps.ts'
import type { Created, PlannedNetwork, ReplicaInput } from '../types.ts'
import { addFiles } from './files.ts'

export interface CreateOptions {
  variant: Variant
  name: string
  cause: string
  changes?: FieldChange[]
  replaces?: string
  when?: When
  /** The restart policy of the replaced container, and whether that ran. */
  policy?: string
  /** Without the names of the service, so that it gets no traffic yet. */
  unnamed?: boolean
}

/** Creates the container in its networks, and writes its files. An older engine takes one network only: it is connected to the others. */
export function addCreate(input: ReplicaInput, options: CreateOptions): Created & { prepared: StepId[] } {
  const joined = joinedNetworks(input, options)
  const atCreation = input.context.api >= SEVERAL_NETWORKS_API ? joined : joined.slice(0, 1)
  const created = adder(
    input,
    options.when,
  )({
    id: stepIds.create(addressOf(input.slot), options.variant),
    verb: 'create',
    cause: options.cause,
    ...(options.changes?.length && { changes: options.changes }),
    after: [input.image.step, input.provided, ...input.before, ...joined.map(({ planned }) => planned.step)],
    action: createAction(input, options, atCreation),
  })
  const container: Id = { ref: created, field: 'containerId', ...(options.replaces && { otherwise: options.replaces }) }
  const connect = connector(input, options, { container, created })
  const connects = joined.slice(atCreation.length).map(connect)
  const files = addFiles(input, container, options, created)
  const prepared = [created, ...connects, ...files]
  return { container, created, variant: options.variant, prepared, ...(options.when && { when: options.when }) }
}

/** Since 1.44, POST /containers/create takes several networks (API history). */
const SEVERAL_NETWORKS_API = 144

/** A network that the container joins, by its key and its name on the engine. */
interface Joined {
  key: string
  name: string
  planned: PlannedNetwork
  endpoint: EndpointSpec
}

function joinedNetworks({ context, lowered, networks }: ReplicaInput, { unnamed }: CreateOptions): Joined[] {
  return lowered.endpoints.flatMap(([key, endpoint]) => {
    const planned = networks.find((each) => each.key === key)?.planned
    const name = context.declared.stack.networks[key]?.name ?? key
    return planned ? [{ key, name, planned, endpoint: unnamed ? { ...endpoint, Aliases: [] } : endpoint }] : []
  })
}

function createAction(input: ReplicaInput, options: CreateOptions, networks: Joined[]): EngineAction {
  const { slot, lowered, image, provided, shares } = input
  const carry = carried(input, options)
  const content = lockedContent(input)
  return {
    kind: 'create-container',
    service: slot.service,
    name: options.name,
    spec: replacing(labelled(lowered.spec, input.labels), options),
    ...(image.id && { image: image.id }),
    ...(lowered.platform && { platform: lowered.platform }),
    ...(content !== undefined && { content }),
    ...(carry.length > 0 && { carry }),
    ...(provided && { provided }),
    ...(shares.length > 0 && { shares }),
    networks: networks.map(({ name, endpoint }) => ({ name, endpoint })),
  }
}

/** Pinned by a lock file; one that insists on nothing only counts while the engine has the image. */
function lockedContent({ context: { intent, observed }, lowered }: ReplicaInput): string | undefined {
  const reference = lowered.spec.Image
  const isSure = intent.locked?.strict || observed.locked?.[reference]?.id !== undefined
  return isSure ? intent.locked?.images[reference] : undefined
}

/** A function that connects the created container to one more network. */
function connector(
  input: ReplicaInput,
  { variant, cause, when }: CreateOptions,
  { container, created }: { container: Id; created: StepId },
) {
  const add = adder(input, when)
  return ({ key, planned, endpoint }: Joined): StepId =>
    add({
      id: stepIds.connect(addressOf(input.slot), key, { variant }),
      verb: 'connect',
      cause,
      after: [created],
      action: { kind: 'connect-network', network: planned.id, container, endpoint },
    })
}

function labelled(spec: ContainerSpec, labels: Record<string, string> = {}): ContainerSpec {
  return Object.keys(labels).length > 0 ? { ...spec, Labels: { ...spec.Labels, ...labels } } : spec
}

/** NEXT records what it replaces, and the policy to restore if the replacement is abandoned. */
function replacing(spec: ContainerSpec, { replaces, policy }: CreateOptions): ContainerSpec {
  if (!replaces) return spec
  return { ...spec, Labels: { ...spec.Labels, [OURS.replaces]: replaces, ...(policy && { [OURS.policy]: policy }) } }
}

/** The anonymous volumes of the old container that no other container uses, unless the user wants new ones. */
function carried({ context, slot, lowered }: ReplicaInput, { replaces }: CreateOptions): CarriedVolume[] {
  if (!replaces || context.intent.renewAnonymousVolumes) return []
  const taken = targetsTaken(lowered.spec)
  const isElsewhere = (volume: string) => context.lookup.usersOf(volume).some(({ id }) => id !== slot.current?.id)
  return (slot.current?.mounts ?? []).flatMap(({ type, name, target }) => {
    const own = type === 'volume' && name !== undefined && isAnonymous(name) && !isElsewhere(name)
    return own && !taken.has(target) ? [{ volume: name, target }] : []
  })
}

/** The targets of declared mounts: named volumes, directories, tmpfs. */
function targetsTaken({ HostConfig: host }: ContainerSpec): Set<string> {
  const mounts = (host.Mounts ?? []).filter((each) => each.Type !== 'volume' || each.Source).map((each) => each.Target)
  const binds = (host.Binds ?? []).map((bind) => bind.split(':')[1] ?? '')
  return new Set([...mounts, ...binds, ...Object.keys(host.Tmpfs ?? {})])
}

/** The engine names anonymous volumes with 64 hexadecimal digits. */
function isAnonymous(volume: string): boolean {
  return /^[0-9a-f]{64}$/.test(volume)
}
