import type { ContainerSummary } from '../../../../docker/port.ts'
import { COMPOSE, OURS } from '../../../docker/labels.ts'
import { UP, type UpIntent } from '../../../intent.ts'
import { isLeaving, isRunning } from '../../../state.ts'
import { oldest } from '../../observe/networks.ts'
import type { Slot } from '../../observe/slots.ts'
import { lazyLower } from '../container/lazy-lower.ts'
import { afterDependencies, waitersOf } from '../container/readiness.ts'
import { serviceIn } from '../context.ts'
import { engineFacts, newContext } from '../new-context.ts'
import type { Planned, ReplicaInput, UpContext } from '../types.ts'
import { serviceName } from './known.ts'
import { networkKeys } from './missing-networks.ts'
import { replicasIn, type VerbScope } from './scope.ts'

/** The context for starting existing containers: that of an `up` which creates nothing. */
export function replicaContext(scope: VerbScope, intent: Partial<UpIntent>): UpContext {
  const { known, observed, builder, services } = scope
  const selection = known.graph.order().filter((name) => services.has(name))
  const slots = standingSlots(scope)
  const given = { declared: known, observed, intent: { ...UP, ...intent }, builder, selection, slots }
  return { ...newContext({ ...given, ...engineFacts(observed) }), selected: services }
}

/** For each service its existing containers, however many it declares. */
function standingSlots(scope: VerbScope): Map<string, Slot[]> {
  const slots = new Map<string, Slot[]>([...scope.services].map((name) => [name, []]))
  for (const container of standing(replicasIn(scope))) {
    const service = serviceName(container)
    const index = Number(container.labels[COMPOSE.number] ?? 1)
    slots.get(service)?.push({ service, index, name: container.name, current: container, leaving: [] })
  }
  for (const all of slots.values()) all.sort((a, b) => a.index - b.index)
  return slots
}

/**
 * One container for each replica: during an interrupted replacement the running one, else the old one. Containers that
 * are being removed are left out.
 */
function standing(containers: ContainerSummary[]): ContainerSummary[] {
  const present = containers.filter((each) => !isLeaving(each))
  const ids = new Set(present.map((each) => each.id))
  const isReplacement = ({ labels }: ContainerSummary) => ids.has(labels[OURS.replaces] ?? '')
  const rank = (each: ContainerSummary) => (isRunning(each) ? 2 : 0) + (isReplacement(each) ? 0 : 1)
  const best = new Map<string, ContainerSummary>()
  for (const each of present.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const place = `${serviceName(each)}/${each.labels[COMPOSE.number]}`
    const other = best.get(place)
    if (!other || rank(each) > rank(other)) best.set(place, each)
  }
  return [...best.values()]
}

/**
 * The input for starting the container of a slot; without `planned` it waits for nothing. Networks are existing ones, and
 * those that are planned already.
 */
export function inputFor(context: UpContext, slot: Slot, planned?: Planned): ReplicaInput {
  const { api, engineHost } = context
  const { stack } = context.declared
  const service = serviceIn(context, slot.service)
  return {
    context,
    slot,
    lowered: lazyLower({ stack, name: slot.service, service, index: slot.index, api, engineHost }),
    image: {},
    networks: networksOf(context, slot.service),
    shares: [],
    before: [],
    ready: planned ? afterDependencies(context, slot.service, planned) : [],
    waiting: waitersOf(context, slot.service),
  }
}

function networksOf(context: UpContext, name: string): ReplicaInput['networks'] {
  const { declared, observed, networks } = context
  const { stack } = declared
  return networkKeys(context, name).flatMap((key) => {
    const network = stack.networks[key]
    const named = observed.networks.filter((each) => each.name === network?.name)
    const found = network?.external
      ? named[0]
      : oldest(named.filter((each) => each.labels[COMPOSE.project] === stack.name))
    const planned = found ? { id: found.id } : networks.get(key)
    return planned ? [{ key, planned }] : []
  })
}
