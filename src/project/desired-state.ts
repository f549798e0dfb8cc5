import type { Intent } from '../backend/intent.ts'
import type { Graph } from '../graph/graph.ts'
import type { Plan } from '../plan/plan.ts'
import { type Address, replicaAt } from '../stack/address.ts'

export type Want = 'running' | 'stopped'

/** The place of one container of a service. */
export interface Place {
  service: string
  number: number
}

/** What is wanted of a service's containers. */
export interface ServiceWill {
  /** Of all of them, as the last command said it; absent where none did. */
  all?: Want
  /** How many, where a command asked for another number than the stack declares. */
  count?: number
  /** Of single ones, by number, as it was learnt since. */
  apart?: Record<string, Want>
}

/** What is wanted of a project, as commands and other users of the engine made known. Plain JSON data. */
export interface Will {
  /** By service; what is not in it nobody has asked for. */
  services: Record<string, ServiceWill>
  /** A command that stops containers only to start them again is at work on these services. */
  turn?: Turn
}

export interface Turn {
  command: string
  services: string[]
}

export const NO_WILL: Will = { services: {} }

/** Whether a container is wanted to run; undefined where nothing is known. `declared`: how many the stack declares. */
export function wants({ services }: Will, { service, number }: Place, declared: number): boolean | undefined {
  const will = services[service]
  const apart = will?.apart?.[number]
  if (apart !== undefined) return apart === 'running'
  if (will?.all === undefined) return undefined
  return will.all === 'running' && number <= (will.count ?? declared)
}

/** With what was learnt of one container. */
export function learnt(will: Will, { service, number }: Place, want: Want): Will {
  const known = will.services[service] ?? {}
  if (known.apart?.[number] === want) return will
  const apart = { ...known.apart, [number]: want }
  return { ...will, services: { ...will.services, [service]: { ...known, apart } } }
}

interface Needs {
  graph: Graph<string>
}

/** What is wanted once a command has its way; the same value where it says nothing about that. */
export function willAfter(will: Will, intent: Intent, { graph }: Needs): Will {
  switch (intent.kind) {
    case 'up': {
      if (intent.noStart) return will
      const named = intent.services.length > 0 ? intent.services : graph.keys
      const { scale = {} } = intent
      return set(will, intent.noDeps ? named : graph.closure(named), (name) => counted('running', scale[name]))
    }
    case 'run': {
      const needed = intent.up.noDeps ? [] : graph.closure(graph.needs(intent.service))
      return set(will, needed, () => ({ all: 'running' }))
    }
    case 'start':
      return set(will, graph.closure(namedIn(will, intent.services, graph)), goingOn('running'))
    case 'restart':
      return set(will, namedIn(will, intent.services, graph), goingOn('running'))
    case 'stop':
      return stopped(will, intent, graph)
    case 'kill':
      return isEnding(intent.signal) ? stopped(will, intent, graph) : will
    case 'down':
      return intent.services.length === 0 ? { services: {} } : set(will, intent.services, () => undefined)
    case 'rm':
      return intent.stop ? set(will, namedIn(will, intent.services, graph), goingOn('stopped')) : will
    default:
      return will
  }
}

/** What was removed on request is not wanted any more, crashed or stopped. */
export function willAfterRemoval(will: Will, { steps }: Plan<unknown>): Will {
  const removed = steps.flatMap(({ verb, subject }) => (verb === 'remove' ? (replicaAt(subject) ?? []) : []))
  return removed.reduce((so, place) => learnt(so, place, 'stopped'), will)
}

/** An `up` may keep other numbers than the lowest, where what is there has them. */
export function willAfterUp(will: Will, plan: Plan<unknown>, declaredOf: (service: string) => number): Will {
  const standing = new Set([...plan.unchanged, ...plan.steps.filter(isAboutStanding).map(({ subject }) => subject)])
  const stood = [...standing].flatMap((address) => replicaAt(address) ?? [])
  const gone = plan.steps.flatMap(({ subject }) => (standing.has(subject) ? [] : (replicaAt(subject) ?? [])))
  const isWanted = (place: Place) => wants(will, place, declaredOf(place.service))
  const beyond = stood.filter((place) => isWanted(place) === false)
  const missing = gone.filter((place) => isWanted(place) === true)
  const learn = (so: Will, places: Place[], want: Want) => places.reduce((all, each) => learnt(all, each, want), so)
  return learn(learn(will, beyond, 'running'), missing, 'stopped')
}

function isAboutStanding({ verb }: Plan<unknown>['steps'][number]): boolean {
  return verb !== 'remove' && verb !== 'stop'
}

/** Commands that stop containers only on the way to have them run. */
export function isBringing({ kind }: Pick<Intent, 'kind'>): boolean {
  return kind === 'up' || kind === 'run' || kind === 'start' || kind === 'restart'
}

/** `web-1`: how a container is called in lists of one project. */
export function nameOf({ service, number }: Place): string {
  return `${service}-${number}`
}

const ENDING: ReadonlySet<string> = new Set(['KILL', 'TERM', 'INT', 'QUIT', 'ABRT', '9', '15', '2', '3', '6'])

/** Whether programs end when they get a signal, unless they see to it that they do not. By name or number. */
export function isEnding(signal: string): boolean {
  return ENDING.has(signal.toUpperCase().replace(/^SIG/, ''))
}

/** All containers of services, or those at certain addresses. */
function stopped(
  will: Will,
  { services, only }: { services: string[]; only?: Address[] },
  graph: Needs['graph'],
): Will {
  if (!only) return set(will, namedIn(will, services, graph), goingOn('stopped'))
  return only.flatMap((each) => replicaAt(each) ?? []).reduce((so, place) => learnt(so, place, 'stopped'), will)
}

function counted(all: Want, count: number | undefined): ServiceWill {
  return count === undefined ? { all } : { all, count }
}

/** For all alike from now on, as many as before. */
function goingOn(all: Want) {
  return (_: string, before: ServiceWill | undefined) => counted(all, before?.count)
}

/** Without names: every service that is declared, and where nothing is, every one that is known. */
function namedIn({ services }: Will, named: readonly string[], graph: Needs['graph']): string[] {
  if (named.length > 0) return [...named]
  return graph.keys.length > 0 ? graph.keys : Object.keys(services)
}

function set(
  will: Will,
  names: Iterable<string>,
  change: (name: string, before: ServiceWill | undefined) => ServiceWill | undefined,
): Will {
  const all = [...names]
  if (all.length === 0) return will
  const services = { ...will.services }
  for (const name of all) {
    const changed = change(name, services[name])
    if (changed) services[name] = changed
    else delete services[name]
  }
  return { ...will, services }
}
