import { type ContainerSummary, type Engine, EngineError, type VolumeDetail } from '../../../docker/port.ts'
import { COMPOSE } from '../../docker/labels.ts'
import type { ContainerChanges, KeptVolume } from '../../transfer.ts'

/** Named volumes of a project, and anonymous ones of its containers. */
export async function listVolumes(
  engine: Engine,
  project: string,
  { sizes }: { sizes: boolean },
  signal: AbortSignal,
): Promise<KeptVolume[]> {
  const [containers, volumes, bytes]: [ContainerSummary[], VolumeDetail[], Record<string, number>] = await Promise.all([
    containersOf(engine, project, signal),
    engine.listVolumes({}, signal),
    sizes ? sizesOf(engine, signal) : {},
  ])
  const mounted = new Set(containers.flatMap(({ mounts }) => mounts.flatMap(({ name }) => name ?? [])))
  const ours = volumes.filter(({ name, labels }) => labels[COMPOSE.project] === project || mounted.has(name))
  const kept = ours.map((volume) => keptVolume(volume, containers, bytes[volume.name]))
  return kept.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** An engine computes sizes once at a time, and refuses another request meanwhile: then they are unknown. */
async function sizesOf(engine: Engine, signal: AbortSignal): Promise<Record<string, number>> {
  try {
    return await engine.volumeSizes(signal)
  } catch (thrown) {
    if (thrown instanceof EngineError && /already running/i.test(thrown.message)) return {}
    throw thrown
  }
}

function containersOf(engine: Engine, project: string, signal: AbortSignal): Promise<ContainerSummary[]> {
  return engine.listContainers({ labels: [`${COMPOSE.project}=${project}`] }, signal)
}

function keptVolume(volume: VolumeDetail, containers: ContainerSummary[], bytes: number | undefined): KeptVolume {
  const { name, driver, labels, options } = volume
  const key = labels[COMPOSE.volume]
  const users = containers.flatMap((container) =>
    container.mounts.flatMap((mount) => (mount.name === name ? [userOf(container, mount.target)] : [])),
  )
  return {
    name,
    driver,
    labels,
    options,
    ...(key !== undefined && { key }),
    ...(bytes !== undefined && { bytes }),
    users: users.sort((a, b) => (a.service < b.service ? -1 : 1)),
  }
}

function userOf({ labels, id, imageId }: ContainerSummary, target: string) {
  return { service: labels[COMPOSE.service] ?? '', container: id, image: imageId, target }
}

/** Changes of a project's containers. The folders of mounts, and the parents of what changed, are no changes. */
export async function changesOf(engine: Engine, project: string, signal: AbortSignal): Promise<ContainerChanges[]> {
  const containers = await containersOf(engine, project, signal)
  const all = containers.map(async (container): Promise<ContainerChanges> => {
    const { id, name, labels, mounts } = container
    const changes = await engine.containerChanges(id, signal)
    const parents = new Set([...changes.map(({ path }) => path), ...mounts.map(({ target }) => target)].flatMap(above))
    const isMount = (path: string) => mounts.some(({ target }) => path === target || path.startsWith(`${target}/`))
    const changed = changes.filter(({ path }) => !parents.has(path) && !isMount(path))
    changed.sort((a, b) => (a.path < b.path ? -1 : 1))
    return { container: name, service: labels[COMPOSE.service] ?? '', changed }
  })
  const found = (await Promise.all(all)).filter(({ changed }) => changed.length > 0)
  return found.sort((a, b) => (a.container < b.container ? -1 : 1))
}

/** `/a/b/c`: `/a` and `/a/b`. */
function above(path: string): string[] {
  const parts = path.split('/').slice(1, -1)
  return parts.map((_, at) => `/${parts.slice(0, at + 1).join('/')}`)
}
