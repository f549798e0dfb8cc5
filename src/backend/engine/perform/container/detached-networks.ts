import type { ContainerSummary } from '../../../../docker/port.ts'
import type { Apart, NetworkJournal } from '../../../journal.ts'

/** The containers that a killed command disconnected and that are still out of the network. Records those that have rejoined. */
export function stillDetached(journal: NetworkJournal | undefined, containers: readonly ContainerSummary[]): Apart[] {
  const pending = journal?.pending() ?? []
  if (pending.length === 0) return []
  const networks = new Map(containers.map((each) => [each.id, Object.keys(each.networks)]))
  const isBack = ({ container, network }: Apart) => networks.get(container)?.includes(network) === true
  for (const each of pending.filter(isBack)) journal?.joined(each.container, each.network)
  return pending.filter((each) => networks.has(each.container) && !isBack(each))
}
