import type { ContainerDetail, ContainerSummary, Engine, NetworkDetail } from '../../../docker/port.ts'
import type { Stack } from '../../../stack/model.ts'
import { containerName } from '../../../stack/names.ts'
import { groupBy } from '../../../util/object.ts'
import type { PendingObservation } from '../../backend.ts'
import { COMPOSE } from '../../docker/labels.ts'
import type { Intent } from '../../intent.ts'
import { changesOf } from '../compare/compare-network.ts'
import { halfFilled } from './half-filled.ts'
import { inspectDetails } from './inspect.ts'
import { lockedImages } from './locked-images.ts'
import { namesGone } from './networks.ts'
import { numbersOf } from './numbers.ts'
import type { Observed, Observing } from './observed.ts'
import { idsOf, isOneOff, matches, placesOf, runsAsDeclared } from './slots.ts'
import { staleNamespaces } from './stale-namespaces.ts'

/**
 * Sends one round of list calls in parallel, before the stack is known. Then inspects each container that does not simply run as
 * declared and the images needed to understand it, and reads the engine's API version if something must be created.
 */
export function startObserve(engine: Engine, project: string, signal: AbortSignal): PendingObservation<Observed> {
  const lists = listAll(engine, project, signal)
  // An error in loading the stack takes precedence over an unreachable engine.
  lists.catch(() => undefined)
  return async (stack, intent) => {
    const { locked, ...listed } = await withLocked({ engine, signal }, await lists, intent)
    const observed = await complete({ engine, stack, signal }, listed, intent)
    return { ...observed, ...(locked && { locked }) }
  }
}

async function withLocked(asked: Pick<Observing, 'engine' | 'signal'>, lists: Lists, intent: Intent | undefined) {
  if (intent?.kind !== 'up' || !intent.locked) return { ...lists, locked: undefined }
  return { ...lists, ...(await lockedImages(asked, lists.images, intent.locked.images)) }
}

type Lists = Pick<Observed, 'containers' | 'networks' | 'volumes' | 'images'>

async function listAll(engine: Engine, project: string, signal: AbortSignal): Promise<Lists> {
  const [containers, networks, volumes, images] = await Promise.all([
    engine.listContainers({ labels: [`${COMPOSE.project}=${project}`] }, signal),
    engine.listNetworks({}, signal),
    engine.listVolumes({}, signal),
    engine.listImages(signal),
  ])
  return { containers, networks, volumes, images }
}

async function complete(observing: Observing, lists: Lists, intent: Intent | undefined): Promise<Observed> {
  const { stack } = observing
  const { containers, networks } = lists
  const seen: Observed = { ...lists, details: {}, imageDetails: {}, guests: {}, holders: containers }
  // Only `up` compares.
  if (intent !== undefined && intent.kind !== 'up') return seen
  const half = await halfFilled(observing, lists.volumes)
  const glance = half.length > 0 ? { ...seen, halfFilled: half } : seen
  const { odd, ...compared } = await oddOnes(observing, lists)
  const changed = changedNetworks(stack, networks)
  const complete = isComplete(stack, containers, odd) && changed.length === 0 && !mayCreate(intent)
  if (Object.keys(stack.services).length === 0 || complete) return { ...glance, asDeclared: compared.asDeclared }
  const [closer, guests, others] = await Promise.all([
    inspectDetails(observing, glance.images, odd),
    guestsOf(observing, changed),
    otherHolders(observing, containers),
  ])
  const details = { ...closer.details, ...guests.details }
  return { ...glance, ...closer, ...compared, details, guests: guests.ids, holders: [...containers, ...others] }
}

/** The replicas that do not simply run as declared, with the details that show why. */
async function oddOnes({ engine, stack, signal }: Observing, { containers, networks }: Lists) {
  const replicas = containers.filter((container) => !isOneOff(container))
  const stale = await staleNamespaces(engine, stack, replicas, signal)
  const asDeclared = new Set(replicas.filter((each) => matches(stack, each)).map(({ id }) => id))
  const isOdd = (each: ContainerSummary) => stale.includes(each.id) || namesGone(each, networks)
  const all = idsOf(containers)
  const odd = replicas.filter((each) => isOdd(each) || !runsAsDeclared(stack, each, all, asDeclared))
  return { odd, asDeclared, staleNamespaces: stale }
}

/** Whether every replica exists and none is odd. */
function isComplete(stack: Stack, containers: ContainerSummary[], odd: ContainerSummary[]): boolean {
  if (odd.length > 0) return false
  const there = new Set(containers.map(({ labels }) => `${labels[COMPOSE.service]}/${labels[COMPOSE.number]}`))
  const numbersIn = numbersAmong(stack, containers)
  return Object.keys(stack.services).every((name) => numbersIn(name).every((number) => there.has(`${name}/${number}`)))
}

/** Whether the intent may create containers even if all run as declared. */
function mayCreate(intent: Intent | undefined): boolean {
  if (intent?.kind !== 'up') return false
  return (
    intent.allResources === true ||
    intent.forceRecreate ||
    intent.recreateDependencies === true ||
    intent.build ||
    intent.pull === 'always'
  )
}

/** Containers outside the project that hold names of containers to create. Lists all containers: one call for any number of names. */
async function otherHolders(
  { engine, stack, signal }: Observing,
  containers: ContainerSummary[],
): Promise<Observed['holders']> {
  const held = new Set(containers.map((each) => each.name))
  const names = new Set(namesOf(stack, containers).filter((name) => !held.has(name)))
  if (names.size === 0) return []
  const ours = new Set(containers.map((each) => each.id))
  const all = await engine.listContainers({}, signal)
  return all.filter(({ id, name }) => names.has(name) && !ours.has(id))
}

function namesOf(stack: Stack, containers: ContainerSummary[]): string[] {
  const numbersIn = numbersAmong(stack, containers)
  return Object.entries(stack.services).flatMap(([name, service]) =>
    service.provider ? [] : numbersIn(name).map((number) => containerName(stack, name, service, number)),
  )
}

/** A function that returns the number of a service's existing replicas. */
function numbersAmong(stack: Stack, containers: ContainerSummary[]): (name: string) => number[] {
  const byService = groupBy(containers, ({ labels }) => labels[COMPOSE.service])
  const isCurrent = (each: ContainerSummary) => matches(stack, each)
  return (name) => numbersOf(stack, name, placesOf(byService.get(name) ?? [], name), isCurrent)
}

/** Our networks that differ from their declarations. */
function changedNetworks(stack: Stack, networks: NetworkDetail[]): NetworkDetail[] {
  return networks.filter((found) => {
    const declared = stack.networks[found.labels[COMPOSE.network] ?? '']
    const ours = found.labels[COMPOSE.project] === stack.name
    return ours && declared !== undefined && changesOf(declared, found).length > 0
  })
}

/** Containers in a network that must be recreated, with their names in that network. */
async function guestsOf(
  { engine, signal }: Observing,
  networks: NetworkDetail[],
): Promise<{ ids: Record<string, string[]>; details: Record<string, ContainerDetail> }> {
  const found = await Promise.all(networks.map((network) => engine.inspectNetwork(network.id, signal)))
  const ids = Object.fromEntries(found.flatMap((each) => (each ? [[each.id, each.containers ?? []] as const] : [])))
  const guests = await Promise.all(
    [...new Set(Object.values(ids).flat())].map((id) => engine.inspectContainer(id, signal)),
  )
  return { ids, details: Object.fromEntries(guests.flatMap((each) => (each ? [[each.id, each] as const] : []))) }
}
