import type { ContainerSummary } from '../../../../docker/port.ts'
import type { ContainerSpec } from '../../../../docker/spec.ts'
import type { FieldChange, StepId, When } from '../../../../plan/step.ts'
import { stepIds, type Variant } from '../../../../plan/step-id.ts'
import { OURS } from '../../../docker/labels.ts'
import type { CarriedVolume, Id } from '../../action.ts'
import { adder, addressOf } from '../steps.ts'
import type { Created, ReplicaInput } from '../types.ts'
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

export function addCreate(input: ReplicaInput, options: CreateOptions): Created & { prepared: StepId[] } {
  const { slot, lowered, image, networks } = input
  const address = addressOf(slot)
  const several = input.context.api >= 144
  const joined = lowered.endpoints.flatMap(([key, endpoint]) => {
    const planned = networks.find((each) => each.key === key)?.planned
    const name = input.context.declared.stack.networks[key]?.name ?? key
    return planned ? [{ key, name, planned, endpoint: options.unnamed ? { ...endpoint, Aliases: [] } : endpoint }] : []
  })
  const atCreation = several ? joined : joined.slice(0, 1)
  const carry = carried(input, options)
  const add = adder(input, options.when)
  const created = add({
    id: stepIds.create(address, options.variant),
    verb: 'create',
    cause: options.cause,
    ...(options.changes?.length && { changes: options.changes }),
    after: [image.step, input.provided, ...input.before, ...joined.map(({ planned }) => planned.step)],
    action: {
      kind: 'create-container',
      service: slot.service,
      name: options.name,
      spec: replacing(labelled(lowered.spec, input.labels), options),
      ...(image.id && { image: image.id }),
      ...(lowered.platform && { platform: lowered.platform }),
      ...(carry.length > 0 && { carry }),
      ...(input.provided && { provided: input.provided }),
      ...(input.shares.length > 0 && { shares: input.shares }),
      networks: atCreation.map(({ name, endpoint }) => ({ name, endpoint })),
    },
  })
  const container: Id = { ref: created, field: 'containerId', ...(options.replaces && { otherwise: options.replaces }) }
  const connects = joined.slice(atCreation.length).map(({ key, planned, endpoint }) =>
    add({
      id: stepIds.connect(address, key, { variant: options.variant }),
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
    variant: options.variant,
    prepared: [created, ...connects, ...files],
    ...(options.when && { when: options.when }),
  }
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
  const elsewhere = new Set(
    context.observed.containers.filter((each) => each.id !== slot.current?.id).flatMap(volumesIn),
  )
  return (slot.current?.mounts ?? []).flatMap(({ type, name, target }) => {
    const own = type === 'volume' && name !== undefined && isAnonymous(name) && !elsewhere.has(name)
    return own && !taken.has(target) ? [{ volume: name, target }] : []
  })
}

/** The targets of declared mounts: named volumes, directories, tmpfs. */
function targetsTaken({ HostConfig: host }: ContainerSpec): Set<string> {
  const mounts = (host.Mounts ?? []).filter((each) => each.Type !== 'volume' || each.Source).map((each) => each.Target)
  const binds = (host.Binds ?? []).map((bind) => bind.split(':')[1] ?? '')
  return new Set([...mounts, ...binds, ...Object.keys(host.Tmpfs ?? {})])
}

function volumesIn(container: ContainerSummary): string[] {
  return container.mounts.flatMap((mount) => mount.name ?? [])
}

/** The engine names anonymous volumes with 64 hexadecimal digits. */
export function isAnonymous(volume: string): boolean {
  return /^[0-9a-f]{64}$/.test(volume)
}
