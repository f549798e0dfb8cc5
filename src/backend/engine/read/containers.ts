import type { ContainerSummary, Engine } from '../../../docker/port.ts'
import { COMPOSE, OURS, originOf } from '../../docker/labels.ts'
import type { ContainerReader, Replica, ReplicaDetails } from '../../read/containers.ts'
import { isAlive, isRunning } from '../../state.ts'
import { openCommand } from '../compare/sensitive.ts'
import { isFresh } from '../observe/fresh.ts'
import { hasFailedTests } from '../observe/health.ts'
import { isOneOff } from '../observe/slots.ts'

export function containerReader(engine: Engine): ContainerReader {
  return {
    async list(project, { all, verdicts, settled }, signal) {
      const read = () => engine.listContainers({ labels: [`${COMPOSE.project}=${project}`] }, signal)
      const first = await read()
      const containers = settled && (await hasOneEnded(engine, first.filter(isFresh), signal)) ? await read() : first
      const chosen = all ? containers : containers.filter(isAlive)
      const replicas = chosen.map(toReplica).sort(byServiceAndNumber)
      return verdicts ? Promise.all(replicas.map((each) => withVerdict(engine, each, signal))) : replicas
    },
    async details(project, { all }, signal) {
      const label = project === undefined ? COMPOSE.project : `${COMPOSE.project}=${project}`
      const containers = await engine.listContainers({ labels: [label] }, signal)
      return containers
        .filter((each) => all || isAlive(each))
        .map(toDetails)
        .sort(byServiceAndNumber)
    },
    async settled(id, signal) {
      // The engine serialises an inspect with starts and stops, but not a list.
      await engine.inspectContainer(id, signal)
    },
    async environment(id, signal) {
      return (await engine.inspectContainer(id, signal))?.spec.Env ?? []
    },
    async openCommand(id, signal) {
      const detail = await engine.inspectContainer(id, signal)
      return detail && openCommand(detail)
    },
  }
}

/** A list shows "running" until the engine has processed the end; an inspect waits for that. */
async function hasOneEnded(engine: Engine, containers: ContainerSummary[], signal: AbortSignal): Promise<boolean> {
  const details = await Promise.all(containers.map(({ id }) => engine.inspectContainer(id, signal)))
  return !details.every(isRunning)
}

/** Corrects `unhealthy`: the engine also reports it for a container that it does not test. */
async function withVerdict(engine: Engine, replica: Replica, signal: AbortSignal): Promise<Replica> {
  if (replica.health !== 'unhealthy') return replica
  const detail = await engine.inspectContainer(replica.id, signal)
  return detail && !hasFailedTests(detail) ? { ...replica, health: 'starting' } : replica
}

function toDetails(container: ContainerSummary): ReplicaDetails {
  const { labels, networks, mounts } = container
  const engine = labels[COMPOSE.engine]
  return {
    ...toReplica(container),
    project: labels[COMPOSE.project] ?? '',
    imageId: container.imageId,
    labels,
    networks: Object.keys(networks).sort(),
    mounts: mounts.map(({ name, source, driver }) => ({
      name: name ?? source,
      isLocal: driver === 'local',
      ...(name !== undefined && { volume: name }),
    })),
    ...(engine && { engine }),
  }
}

function toReplica(container: ContainerSummary): Replica {
  const { id, name, image, state, status, health, exitCode, command, created, ports, labels } = container
  return {
    id,
    name,
    service: labels[COMPOSE.service] ?? name,
    number: Number(labels[COMPOSE.number] ?? 0),
    oneoff: isOneOff(container),
    image,
    state,
    status,
    command,
    created,
    ports,
    origin: originOf(labels),
    replacing: OURS.replaces in labels || COMPOSE.replace in labels,
    ...(OURS.fingerprint in labels && { hasSecrets: OURS.masked in labels }),
    ...(health && { health }),
    ...(exitCode !== undefined && { exitCode }),
  }
}

function byServiceAndNumber(a: Replica, b: Replica): number {
  return a.service < b.service ? -1 : a.service > b.service ? 1 : a.number - b.number
}
