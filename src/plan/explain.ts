import type { Span } from '../diagnostics/span.ts'
import { type Address, kindOf, serviceOf } from '../stack/address.ts'
import { type DependencyEdge, dependenciesOf } from '../stack/dependencies.ts'
import type { Stack } from '../stack/model.ts'
import { groupBy } from '../util/object.ts'
import type { Plan } from './plan.ts'
import { type Step, type StepId, undoes, type Verb } from './step.ts'

/** The steps for one subject, and its dependencies. */
export interface Waiting {
  address: Address
  /** In order of execution. */
  verbs: Verb[]
  /** Why the others wait for it; absent for the requested service itself. */
  why?: string
  /** The place in the stack file. */
  at?: Span
  /** Its own dependencies. Listed once: at the second occurrence this is empty and `again` is true. */
  needs: Waiting[]
  again?: true
}

/** A dependency that needs no step. */
interface Met {
  service: string
  why: string
  at?: Span
}

export interface Explanation {
  waits: Waiting[]
  met: Met[]
}

export interface ExplainInput {
  plan: Plan<unknown>
  stack: Stack
  spanOf(path: string): Span | undefined
}

/** Explains the order of a service's steps. Pure. `waits` is empty if the service needs no step. */
export function explainService(input: ExplainInput, service: string): Explanation {
  const walk = walkOf(input)
  const { groups } = walk
  const own = [...groups.keys()].filter((address) => serviceOf(address) === service)
  const waits = own.map((address) => waitingOf(walk, address))
  const busy = new Set([...groups.keys()].map(serviceOf))
  const met = dependenciesOf(input.stack.services[service] ?? {})
    .filter((edge) => !busy.has(edge.service))
    .map((edge) => ({ service: edge.service, why: wordsOf(edge), ...spanAt(input, service, edge) }))
  return { waits, met }
}

type Groups = Map<Address, Step<unknown>[]>

interface Walk {
  input: ExplainInput
  groups: Groups
  /** The groups in the plan's order, by the ids of their steps. */
  placeOf: ReadonlyMap<StepId, { address: Address; at: number }>
  shown: Set<Address>
  /** The dependencies of services, by both names. */
  edges: Map<string, ReadonlyMap<string, DependencyEdge>>
}

function walkOf(input: ExplainInput): Walk {
  const groups = groupsOf(input.plan)
  const places = [...groups].flatMap(([address, steps], at) => steps.map(({ id }) => [id, { address, at }] as const))
  return { input, groups, placeOf: new Map(places), shown: new Set(), edges: new Map() }
}

function groupsOf(plan: Plan<unknown>): Groups {
  const done = plan.steps.filter((each) => !undoes(each))
  return groupBy(done, ({ group, subject }) => group ?? subject)
}

function waitingOf(walk: Walk, address: Address, reason: Pick<Waiting, 'why' | 'at'> = {}): Waiting {
  const steps = walk.groups.get(address) ?? []
  const verbs = [...new Set(steps.map((step) => step.verb))]
  if (walk.shown.has(address)) return { address, verbs, ...reason, needs: [], again: true }
  walk.shown.add(address)
  const needs = neededBy(walk, address, steps).map((each) => waitingOf(walk, each, reasonFor(walk, address, each)))
  return { address, verbs, ...reason, needs }
}

/** The other groups that a group's steps depend on, in the plan's order. */
function neededBy({ placeOf }: Walk, address: Address, steps: readonly Step<unknown>[]): Address[] {
  const places = steps.flatMap((step) => step.after.flatMap((after) => placeOf.get(after.step) ?? []))
  const found = new Map(places.filter((each) => each.address !== address).map((each) => [each.address, each.at]))
  return [...found].sort(([, a], [, b]) => a - b).map(([each]) => each)
}

function reasonFor(walk: Walk, waiting: Address, needed: Address): Pick<Waiting, 'why' | 'at'> {
  const { input, groups } = walk
  const service = serviceOf(waiting)
  const other = serviceOf(needed)
  const edge = service !== undefined && other !== undefined && edgeTo(walk, service, other)
  if (edge) return { why: wordsOf(edge), ...spanAt(input, service, edge) }
  if (service !== undefined && service === other) return { why: 'one batch of an update after the other' }
  const known = REASONS[kindOf(needed)]
  return { why: known ?? groups.get(needed)?.at(-1)?.cause ?? '' }
}

const REASONS: Partial<Record<ReturnType<typeof kindOf>, string>> = {
  image: 'its image',
  network: 'it joins it',
  volume: 'it mounts it',
}

function edgeTo({ input, edges }: Walk, service: string, other: string): DependencyEdge | undefined {
  const known = edges.get(service) ?? firstEdges(dependenciesOf(input.stack.services[service] ?? {}))
  edges.set(service, known)
  return known.get(other)
}

function firstEdges(all: readonly DependencyEdge[]): Map<string, DependencyEdge> {
  return new Map([...all].reverse().map((edge) => [edge.service, edge]))
}

function wordsOf({ from, service, condition }: DependencyEdge): string {
  return from === 'depends_on' ? `depends_on ${service}: ${condition}` : `${from} names ${service}`
}

function spanAt({ spanOf }: ExplainInput, service: string, { from, service: other }: DependencyEdge): { at?: Span } {
  const path = from === 'depends_on' ? `${from}.${other}` : from
  const at = spanOf(`services.${service}.${path}`)
  return at ? { at } : {}
}
