import { spacesOf } from '../../../../stack/dependencies.ts'
import { COMPOSE, OURS } from '../../../docker/labels.ts'
import type { Slot } from '../../observe/slots.ts'
import { serviceIn } from '../context.ts'
import type { Planned, Shared, UpContext } from '../types.ts'

export function sharedBy(context: UpContext, name: string, planned: Planned): Shared {
  const owners = spacesOf(serviceIn(context, name))
  const replicas = owners.flatMap((owner) => planned.get(owner)?.[0] ?? [])
  const renewed = replicas.find((replica) => replica.started.length > 0 && !replica.when)
  const conditional = replicas.find((replica) => replica.when)
  return {
    ids: owners.flatMap((owner) => planned.get(owner)?.[0]?.container ?? standing(context, owner)),
    settled: replicas.flatMap((replica) => replica.settled),
    ...(renewed && { renewed: renewed.slot.service }),
    ...(conditional?.when && { when: conditional.when }),
  }
}

/** The container of a service that is not selected. */
function standing({ lookup }: UpContext, owner: string): string[] {
  const found = lookup.containersOf(owner).find((each) => each.labels[COMPOSE.number] === '1')
  return found ? [found.id] : []
}

/**
 * Whether a container was created in the namespaces of containers that were replaced since. False without our label.
 */
export function livesElsewhere({ ids }: Shared, { current }: Slot): boolean {
  const recorded = current?.labels[OURS.shares]
  if (recorded === undefined || ids.some((id) => typeof id !== 'string')) return false
  return recorded !== ids.join(',')
}
