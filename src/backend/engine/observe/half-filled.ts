import type { VolumeDetail } from '../../../docker/port.ts'
import { COMPOSE, OURS } from '../../docker/labels.ts'
import type { Observing } from './observed.ts'

/**
 * The names of volumes that a container marks as half filled (backend/engine/transfer), also of external ones, which have no project.
 * Labels of a volume cannot change: one that was ever filled keeps its own, so that only stacks with such volumes need this further list.
 */
export async function halfFilled({ engine, stack, signal }: Observing, volumes: VolumeDetail[]): Promise<string[]> {
  const declared = new Set(Object.values(stack.volumes).map(({ name }) => name))
  const isOurs = ({ name, labels }: VolumeDetail) => declared.has(name) || labels[COMPOSE.project] === stack.name
  const filled = volumes.filter((volume) => OURS.fillingId in volume.labels && isOurs(volume))
  if (filled.length === 0) return []
  const marks = await engine.listContainers({ labels: [OURS.filling] }, signal)
  const ids = new Set(marks.map(({ labels }) => labels[OURS.fillingId]))
  return filled.filter(({ labels }) => ids.has(labels[OURS.fillingId])).map(({ name }) => name)
}
