import type { ContainerSummary, VolumeDetail } from '../../../../docker/port.ts'
import type { PlanBuilder } from '../../../../plan/builder.ts'
import type { StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { volumeAddress } from '../../../../stack/address.ts'
import type { Stack } from '../../../../stack/model.ts'
import { manyBy } from '../../../../util/object.ts'
import { COMPOSE, OURS } from '../../../docker/labels.ts'
import type { EngineAction } from '../../action.ts'
import type { Observed } from '../../observe/observed.ts'
import { isBlind } from './known.ts'

/** Volumes are removed after the containers that mount them. */
interface Removal {
  stack: Stack
  observed: Pick<Observed, 'containers' | 'volumes'>
  builder: PlanBuilder<EngineAction>
  targets: ContainerSummary[]
  /** The step that removes each target, by container id. */
  removed: ReadonlyMap<string, StepId>
}

/** Removes declared volumes or, without a stack file, labelled ones. Never external ones. */
export function removeNamedVolumes(removal: Removal): void {
  const { stack, observed } = removal
  const keys = keysOf(stack)
  const blind = isBlind(stack)
  const ours = observed.volumes.filter(
    ({ name, labels }) => labels[COMPOSE.project] === stack.name && (blind || keys.has(name)),
  )
  removeAll(removal, ours, keys)
}

/**
 * Removes anonymous volumes that were carried over to a new container: the engine keeps them, because it sees named
 * volumes.
 */
export function removeCarriedVolumes(removal: Removal): void {
  const { observed, targets, stack } = removal
  const carried = new Set(targets.flatMap((each) => (each.labels[OURS.carried] ?? '').split(',').filter(Boolean)))
  const going = new Set(targets)
  const kept = new Set(observed.containers.filter((each) => !going.has(each)).flatMap((each) => [...volumesOf(each)]))
  const ours = observed.volumes.filter(({ name }) => carried.has(name) && !kept.has(name))
  removeAll(removal, ours, keysOf(stack))
}

function keysOf({ volumes }: Stack): Map<string, string> {
  return new Map(Object.entries(volumes).flatMap(([key, each]) => (each.external ? [] : [[each.name, key] as const])))
}

function removeAll(
  { builder, targets, removed }: Removal,
  volumes: VolumeDetail[],
  keys: ReadonlyMap<string, string>,
): void {
  const users = manyBy(targets, volumesOf)
  for (const volume of volumes.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const key = keys.get(volume.name) ?? volume.labels[COMPOSE.volume] ?? volume.name
    builder.add({
      id: stepIds.remove(volumeAddress(volume.name)),
      subject: volumeAddress(key),
      verb: 'remove',
      cause: 'requested',
      risk: 'data-loss',
      after: (users.get(volume.name) ?? []).flatMap((each) => removed.get(each.id) ?? []),
      action: { kind: 'remove-volume', name: volume.name, ...(OURS.fillingId in volume.labels && { filled: true }) },
    })
  }
}

function volumesOf({ mounts }: ContainerSummary): Set<string> {
  return new Set(mounts.flatMap(({ name }) => name ?? []))
}
