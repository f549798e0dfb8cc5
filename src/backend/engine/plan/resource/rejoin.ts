import { stepIds } from '../../../../plan/step-id.ts'
import { COMPOSE } from '../../../docker/labels.ts'
import { oldest } from '../../observe/networks.ts'
import { isStranded } from '../container/bound-network.ts'
import { addressOfContainer } from '../container/stop.ts'
import type { PlannedNetwork, UpContext } from '../types.ts'

/**
 * Reconnects containers that a killed command disconnected while it recreated a network and that are not planned
 * otherwise: orphans, one-off containers, services that are not selected.
 */
export function rejoin(context: UpContext): void {
  const { observed, builder, slots } = context
  const planned = new Set([...slots.values()].flat().flatMap(({ current, next }) => [current?.id, next?.id]))
  for (const { container, network, endpoint } of observed.apart ?? []) {
    const found = observed.containers.find((each) => each.id === container)
    const joined = networkNamed(context, network)
    if (!found || !joined || planned.has(container) || isStranded(context, found)) continue
    const subject = addressOfContainer(found)
    if (builder.has(stepIds.remove(subject, container))) continue
    builder.add({
      id: stepIds.rejoin(subject, network, container),
      subject,
      verb: 'connect',
      cause: `an interrupted recreate disconnected it from network "${network}"`,
      after: [joined.step],
      action: { kind: 'connect-network', network: joined.id, container, endpoint, returning: network },
    })
  }
}

function networkNamed(
  { declared: { stack }, observed, networks }: UpContext,
  name: string,
): PlannedNetwork | undefined {
  const [key = ''] = Object.entries(stack.networks).find(([, network]) => network.name === name) ?? []
  const ours = observed.networks.filter((each) => each.name === name && each.labels[COMPOSE.project] === stack.name)
  const found = oldest(ours)
  return networks.get(key) ?? (found && { id: found.id })
}
