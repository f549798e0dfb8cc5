import type { VolumeDetail } from '../../../docker/port.ts'
import { COMPOSE, OURS } from '../../docker/labels.ts'
import type { Observing } from './observed.ts'

/**
 * The names of volumes that a container marks as half filled (backend/engine/transfer). Labels of a volume cannot change: one that was
 * ever filled keeps its own, so that only projects with such volumes need this further list.
 */
export async function halfFilled({ engine, stack, signal }: Observing, volumes: VolumeDetail[]): Promise<string[]> {
  const filled = volumes.filter(({ labels }) => labels[COMPOSE.project] === stack.name && OURS.fillingId in labels)
  if (filled.length === 0) return []
  const marks = await engine.listContainers({ labels: [`${OURS.filling}=${stack.name}`] }, signal)
  const ids = new Set(marks.map(({ labels }) => labels[OURS.fillingId]))
  return filled.filter(({ labels }) => ids.has(labels[OURS.fillingId])).map(({ name }) => name)
}
