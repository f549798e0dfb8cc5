import { randomBytes } from 'node:crypto'
import type { ContainerSummary, Engine } from '../../../docker/port.ts'
import type { ContainerSpec } from '../../../docker/spec.ts'
import { COMPOSE, OURS } from '../../docker/labels.ts'
import type { HolderPlace } from '../../transfer.ts'

/** Where a volume is mounted in a container that only holds it; also the root of the volume's archive. */
export const ROOT = 'volume'

/** A command that no image has: a holder that somebody starts does nothing. */
const NO_COMMAND = '/flotilla-holder-is-never-started'

export interface Holder {
  /** `reading` or `filling`: with the project, and for a volume that is being filled also the volume. */
  labels: Record<string, string>
  /** The volume to mount; none for a container that only marks. */
  volume?: string
}

/** Creates a container that is never started. Resolves to its id. */
export async function createHolder(
  engine: Engine,
  { image }: HolderPlace,
  { labels, volume }: Holder,
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted()
  const inherited = (await engine.inspectImage(image, signal))?.labels ?? {}
  const spec = { ...holderSpec(image, volume), Labels: { ...withoutCompose(inherited), ...labels } }
  return (await engine.createContainer(`flotilla-holder-${newId()}`, spec)).id
}

export function newId(): string {
  return randomBytes(8).toString('hex')
}

function holderSpec(image: string, volume: string | undefined): ContainerSpec {
  const mount = { Type: 'volume', Target: `/${ROOT}`, VolumeOptions: { NoCopy: true } }
  return {
    Image: image,
    Entrypoint: [NO_COMMAND],
    Cmd: [],
    Healthcheck: { Test: ['NONE'] },
    HostConfig: { NetworkMode: 'none', ...(volume !== undefined && { Mounts: [{ ...mount, Source: volume }] }) },
  }
}

/** Images that Compose built carry its labels: the container would belong to that project. */
function withoutCompose(labels: Readonly<Record<string, string>>): Record<string, string> {
  const theirs = Object.values<string>(COMPOSE)
  return Object.fromEntries(Object.keys(labels).flatMap((key) => (theirs.includes(key) ? [[key, '']] : [])))
}

/** Also removes anonymous volumes, which images of databases declare. */
export function removeHolder(engine: Engine, id: string): Promise<void> {
  return engine.removeContainer(id, { force: true, volumes: true })
}

/** The containers that fill volumes of a project, or mark that they are being filled. */
export function fillers(engine: Engine, project: string, signal?: AbortSignal): Promise<ContainerSummary[]> {
  return engine.listContainers({ labels: [`${OURS.filling}=${project}`] }, signal)
}

/** The containers through which volumes of a project are read. */
export function readers(engine: Engine, project: string, signal?: AbortSignal): Promise<ContainerSummary[]> {
  return engine.listContainers({ labels: [`${OURS.reading}=${project}`] }, signal)
}
