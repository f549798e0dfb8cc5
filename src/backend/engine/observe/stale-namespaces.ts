import type { ContainerDetail, ContainerSummary, Engine } from '../../../docker/port.ts'
import { namespacesOf } from '../../../stack/dependencies.ts'
import type { Stack } from '../../../stack/model.ts'
import { COMPOSE } from '../../docker/labels.ts'
import { isPaused, isRunning } from '../../state.ts'

/**
 * The ids of containers that run in namespaces of a container that was started after them: those namespaces ended with the host
 * container's earlier run, and the engine never moves its guests. Lists do not show this, so both are inspected, only in stacks with
 * such services (GET /containers/{id}/json, State.StartedAt).
 */
export async function staleNamespaces(
  engine: Engine,
  stack: Stack,
  containers: ContainerSummary[],
  signal: AbortSignal,
): Promise<string[]> {
  const running = containers.filter((each) => isRunning(each) || isPaused(each))
  const pairs = running.flatMap((guest) => hostsOf(stack, guest, running).map((host) => [guest.id, host.id] as const))
  const ids = [...new Set(pairs.flat())]
  const inspected = ids.map(async (id) => [id, startOf(await engine.inspectContainer(id, signal))] as const)
  const starts = new Map(await Promise.all(inspected))
  const apart = pairs.filter(([guest, host]) => (starts.get(host) ?? 0) > (starts.get(guest) ?? 0))
  return [...new Set(apart.map(([guest]) => guest))]
}

function hostsOf(stack: Stack, guest: ContainerSummary, running: ContainerSummary[]): ContainerSummary[] {
  const names = namespacesOf(stack.services[guest.labels[COMPOSE.service] ?? ''] ?? {})
  if (names.length === 0) return []
  return running.filter(({ labels }) => labels[COMPOSE.number] === '1' && names.includes(labels[COMPOSE.service] ?? ''))
}

/** Milliseconds are precise enough: a guest is started by a call after its host's, so equal times are in order. */
function startOf(detail: ContainerDetail | undefined): number {
  return Date.parse(detail?.startedAt ?? '')
}
