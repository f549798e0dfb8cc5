import type { ContainerSummary } from '../../../../docker/port.ts'
import { Graph } from '../../../../graph/graph.ts'
import type { Condition, Dependency, Stack } from '../../../../stack/model.ts'
import { groupBy } from '../../../../util/object.ts'
import type { Declared } from '../../../backend.ts'
import { COMPOSE, OURS } from '../../../docker/labels.ts'
import { isOneOff } from '../../observe/slots.ts'

/** Whether there is no stack file: then everything with the project's label is selected. */
export function isBlind({ services, inactive }: Pick<Stack, 'services' | 'inactive'>): boolean {
  return Object.keys(services).length === 0 && Object.keys(inactive).length === 0
}

/**
 * The declaration, plus named services that are not declared but have containers. Without a stack file: all services,
 * with the dependencies that the labels of their containers record.
 */
export function knownOf(
  declared: Declared,
  containers: readonly ContainerSummary[],
  named: readonly string[],
): Declared {
  const { stack } = declared
  const replicas = containers.filter((each) => !isOneOff(each))
  const found = groupBy(replicas, serviceName)
  const isMissing = (name: string) => !(name in stack.services || name in stack.inactive)
  const unread = [...found.keys()].filter((name) => isBlind(stack) || (named.includes(name) && isMissing(name)))
  return unread.length === 0 ? declared : withServices(declared, unread.sort(), { found, containers })
}

interface Found {
  found: ReadonlyMap<string, ContainerSummary[]>
  containers: readonly ContainerSummary[]
}

/** The declaration with services that only containers show. */
function withServices(declared: Declared, names: readonly string[], { found, containers }: Found): Declared {
  const { stack, graph } = declared
  const needs = new Map(graph.keys.map((name) => [name, [...graph.needs(name)]]))
  const services = { ...stack.services }
  for (const name of names) {
    const own = found.get(name) ?? []
    const edges = [...hostsIn(own, containers), ...dependenciesIn(own)]
    const kept = edges.filter(([other]) => found.has(other) && !leadsTo(needs, other, name))
    const others = kept.map(([other]) => other)
    needs.set(name, others)
    services[name] = { image: own[0]?.image ?? '', depends_on: Object.fromEntries(kept) }
  }
  return { ...declared, stack: { ...stack, services }, graph: new Graph(needs) }
}

export function serviceName({ labels, name }: ContainerSummary): string {
  return labels[COMPOSE.service] ?? name
}

/** Labels of different revisions may contradict each other: an edge that would make a cycle is left out. */
function leadsTo(needs: ReadonlyMap<string, string[]>, from: string, to: string): boolean {
  const seen = new Set<string>()
  const open = [from]
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    if (each === to) return true
    if (seen.has(each)) continue
    seen.add(each)
    open.push(...(needs.get(each) ?? []))
  }
  return false
}

const CONDITIONS: ReadonlySet<string> = new Set<Condition>([
  'service_started',
  'service_healthy',
  'service_completed_successfully',
])

/** The services whose namespaces or volumes they share; the label of `depends_on` does not name these. */
function hostsIn(guests: readonly ContainerSummary[], all: readonly ContainerSummary[]): [string, Dependency][] {
  const ids = new Set(guests.flatMap(({ labels }) => (labels[OURS.shares] ?? '').split(',')))
  const hosts = all.filter(({ id }) => ids.has(id)).map(serviceName)
  return hosts.map((name) => [name, { condition: 'service_started', required: true, restart: true }])
}

/** The label has the form `db:service_healthy:false,…`: name, condition, `restart`. */
function dependenciesIn(containers: readonly ContainerSummary[]): Map<string, Dependency> {
  const words = containers.flatMap(({ labels }) => (labels[COMPOSE.dependsOn] ?? '').split(',')).filter(Boolean)
  return new Map(
    words.map((word) => {
      const [name = '', condition = '', restart] = word.split(':')
      const known = CONDITIONS.has(condition) ? (condition as Condition) : 'service_started'
      return [name, { condition: known, required: true, restart: restart === 'true' }]
    }),
  )
}
