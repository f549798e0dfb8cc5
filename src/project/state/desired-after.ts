import type { Intent, IntentOf } from '../../backend/intent.ts'
import type { Graph } from '../../graph/graph.ts'
import type { Plan } from '../../plan/plan.ts'
import { type Address, replicaAt } from '../../stack/address.ts'
import {
  type Desired,
  type DesiredService,
  type DesiredState,
  isDesired,
  type ReplicaSlot,
  withOverride,
} from './desired-state.ts'

interface Needs {
  graph: Graph<string>
}

/** The desired state after a command; the same value if the command does not change it. */
export function desiredAfter(desired: DesiredState, intent: Intent, { graph }: Needs): DesiredState {
  const after = AFTER[intent.kind] as After<Intent>
  return after(desired, intent, graph)
}

type After<I> = (desired: DesiredState, intent: I, graph: Needs['graph']) => DesiredState

/** One row for every kind of intent; an intent without one does not compile. */
const AFTER: { [K in Intent['kind']]: After<IntentOf<K>> } = {
  up(desired, { services, scale = {}, noDeps, noStart }, graph) {
    if (noStart) return desired
    const named = services.length > 0 ? services : graph.keys
    return set(desired, noDeps ? named : graph.closure(named), (name) => counted('running', scale[name]))
  },
  run(desired, { service, up }, graph) {
    const needed = up.noDeps ? [] : graph.closure(graph.needs(service))
    return set(desired, needed, () => ({ all: 'running' }))
  },
  start: (desired, { services }, graph) =>
    set(desired, graph.closure(namedIn(desired, services, graph)), goingOn('running')),
  restart: (desired, { services }, graph) => set(desired, namedIn(desired, services, graph), goingOn('running')),
  stop: stopped,
  kill: (desired, intent, graph) => (isEnding(intent.signal) ? stopped(desired, intent, graph) : desired),
  down: (desired, { services }) => (services.length === 0 ? { services: {} } : set(desired, services, () => undefined)),
  rm: (desired, { services, stop }, graph) =>
    stop ? set(desired, namedIn(desired, services, graph), goingOn('stopped')) : desired,
  pause: (desired) => desired,
  unpause: (desired) => desired,
  pull: (desired) => desired,
  push: (desired) => desired,
  build: (desired) => desired,
}

/** Containers that were removed on request are no longer desired, crashed or stopped. */
export function desiredAfterRemoval(desired: DesiredState, { steps }: Plan<unknown>): DesiredState {
  const removed = steps.flatMap(({ verb, subject }) => (verb === 'remove' ? (replicaAt(subject) ?? []) : []))
  return removed.reduce((so, slot) => withOverride(so, slot, 'stopped'), desired)
}

/** An `up` may keep numbers other than the lowest if such containers exist. */
export function desiredAfterUp(
  desired: DesiredState,
  plan: Plan<unknown>,
  declaredOf: (service: string) => number,
): DesiredState {
  const standing = new Set([...plan.unchanged, ...plan.steps.filter(isAboutStanding).map(({ subject }) => subject)])
  const stood = [...standing].flatMap((address) => replicaAt(address) ?? [])
  const gone = plan.steps.flatMap(({ subject }) => (standing.has(subject) ? [] : (replicaAt(subject) ?? [])))
  const isWanted = (slot: ReplicaSlot) => isDesired(desired, slot, declaredOf(slot.service))
  const beyond = stood.filter((slot) => isWanted(slot) === false)
  const missing = gone.filter((slot) => isWanted(slot) === true)
  const learn = (so: DesiredState, slots: ReplicaSlot[], want: Desired) =>
    slots.reduce((all, each) => withOverride(all, each, want), so)
  return learn(learn(desired, beyond, 'running'), missing, 'stopped')
}

function isAboutStanding({ verb }: Plan<unknown>['steps'][number]): boolean {
  return verb !== 'remove' && verb !== 'stop'
}

/** Whether the command stops containers only in order to run them. */
export function isBringing({ kind }: Pick<Intent, 'kind'>): boolean {
  return kind === 'up' || kind === 'run' || kind === 'start' || kind === 'restart'
}

const ENDING: ReadonlySet<string> = new Set(['KILL', 'TERM', 'INT', 'QUIT', 'ABRT', '9', '15', '2', '3', '6'])

/** Whether a signal (name or number) ends programs that do not handle it. */
export function isEnding(signal: string): boolean {
  return ENDING.has(signal.toUpperCase().replace(/^SIG/, ''))
}

/** All containers of services, or those at certain addresses. */
function stopped(
  desired: DesiredState,
  { services, only }: { services: string[]; only?: Address[] },
  graph: Needs['graph'],
): DesiredState {
  if (!only) return set(desired, namedIn(desired, services, graph), goingOn('stopped'))
  return only.flatMap((each) => replicaAt(each) ?? []).reduce((so, slot) => withOverride(so, slot, 'stopped'), desired)
}

function counted(all: Desired, count: number | undefined): DesiredService {
  return count === undefined ? { all } : { all, count }
}

/** Sets the state of all containers of a service, keeping their number. */
function goingOn(all: Desired) {
  return (_: string, before: DesiredService | undefined) => counted(all, before?.count)
}

/** The named services; without names, every declared service, or every known one if nothing is declared. */
function namedIn({ services }: DesiredState, named: readonly string[], graph: Needs['graph']): string[] {
  if (named.length > 0) return [...named]
  return graph.keys.length > 0 ? graph.keys : Object.keys(services)
}

function set(
  desired: DesiredState,
  names: Iterable<string>,
  change: (name: string, before: DesiredService | undefined) => DesiredService | undefined,
): DesiredState {
  const all = [...names]
  if (all.length === 0) return desired
  const services = { ...desired.services }
  for (const name of all) {
    const changed = change(name, services[name])
    if (changed) services[name] = changed
    else delete services[name]
  }
  return { ...desired, services }
}
