import type { ContainerSummary, Engine, ImageDetail, NetworkDetail } from '../../docker/port.ts'
import { COMPOSE, OURS } from '../../stack/labels.ts'
import type { Stack } from '../../stack/model.ts'
import { imageName, replicasOf } from '../../stack/names.ts'
import { findImage } from './image-reference.ts'
import type { Observed } from './observed.ts'
import { changesOf } from './plan/networks.ts'
import { runsAsDeclared } from './plan/slots.ts'

/**
 * One round of list calls, all at once; then an inspect for each container that does not simply run as declared, the images
 * needed to understand it, and the engine's version where something will have to be created.
 */
export async function observe(engine: Engine, stack: Stack, signal: AbortSignal): Promise<Observed> {
  const [containers, networks, volumes, images] = await Promise.all([
    engine.listContainers({ labels: [`${COMPOSE.project}=${stack.name}`] }, signal),
    engine.listNetworks({}, signal),
    engine.listVolumes({}, signal),
    engine.listImages(signal),
  ])
  const odd = containers.filter((container) => !runsAsDeclared(stack, container, containers))
  const observed: Observed = { containers, networks, volumes, images, details: {}, imageDetails: {}, guests: {} }
  const changed = changedNetworks(stack, networks)
  const complete = isComplete(stack, containers, odd) && changed.length === 0
  if (Object.keys(stack.services).length === 0 || complete) return observed
  const [closer, guests] = await Promise.all([
    lookCloser(engine, stack, observed, odd, signal),
    guestsOf(engine, changed, signal),
  ])
  return { ...observed, ...closer, guests }
}

/** Nothing to create and nothing odd. */
function isComplete(stack: Stack, containers: ContainerSummary[], odd: ContainerSummary[]): boolean {
  const wanted = Object.values(stack.services).reduce((sum, service) => sum + replicasOf(service), 0)
  return odd.length === 0 && containers.length >= wanted
}

/** Our networks that differ from their declarations. */
function changedNetworks(stack: Stack, networks: NetworkDetail[]): NetworkDetail[] {
  return networks.filter((found) => {
    const declared = stack.networks[found.labels[COMPOSE.network] ?? '']
    const ours = found.labels[COMPOSE.project] === stack.name
    return ours && declared !== undefined && changesOf(declared, found).length > 0
  })
}

async function guestsOf(
  engine: Engine,
  networks: NetworkDetail[],
  signal: AbortSignal,
): Promise<Record<string, string[]>> {
  const details = await Promise.all(networks.map((network) => engine.inspectNetwork(network.id, signal)))
  return Object.fromEntries(
    details.flatMap((detail) => (detail ? [[detail.id, detail.containers ?? []] as const] : [])),
  )
}

async function lookCloser(
  engine: Engine,
  stack: Stack,
  observed: Observed,
  odd: ContainerSummary[],
  signal: AbortSignal,
): Promise<Pick<Observed, 'details' | 'imageDetails'> & { engine: Awaited<ReturnType<Engine['version']>> }> {
  const declared = odd.filter((container) => (container.labels[COMPOSE.service] ?? '') in stack.services)
  const [version, details] = await Promise.all([
    engine.version(signal),
    Promise.all(declared.map((container) => engine.inspectContainer(container.id, signal))),
  ])
  const found = details.filter((detail) => detail !== undefined)
  const foreign = found
    .filter((detail) => detail.labels[OURS.fingerprint] === undefined)
    .map((detail) => detail.imageId)
  return {
    engine: version,
    details: Object.fromEntries(found.map((detail) => [detail.id, detail])),
    imageDetails: await inspectImages(engine, stack, observed, foreign, signal),
  }
}

/** Images of containers without a fingerprint of ours: their defaults must be told from what was declared. */
async function inspectImages(
  engine: Engine,
  stack: Stack,
  observed: Observed,
  ids: string[],
  signal: AbortSignal,
): Promise<Record<string, ImageDetail>> {
  if (ids.length === 0) return {}
  const declared = Object.entries(stack.services).map(
    ([name, service]) => findImage(observed.images, imageName(stack, name, service))?.id,
  )
  const wanted = new Set([...ids, ...declared.filter((id) => id !== undefined)])
  const details = await Promise.all([...wanted].map((id) => engine.inspectImage(id, signal)))
  return Object.fromEntries(details.flatMap((detail) => (detail ? [[detail.id, detail] as const] : [])))
}
