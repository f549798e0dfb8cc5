import { error } from '../../../diagnostics/diagnostic.ts'
import { type Engine, EngineError, type FileEntry } from '../../../docker/port.ts'
import type { ContainerSpec, MountSpec } from '../../../docker/spec.ts'
import { type Scope, StepFailure, type StepOutput } from '../../../run/scope.ts'
import { COMPOSE, OURS } from '../../../stack/labels.ts'
import type { Journal } from '../../journal.ts'
import type { EngineActions, FileSource } from '../action.ts'
import { collectDossier } from './dossier.ts'
import { moved } from './moved.ts'
import { portHolder } from './port-holder.ts'
import { resolve } from './resolve.ts'

type Create = EngineActions['create-container']

export async function createContainer(engine: Engine, action: Create, scope: Scope): Promise<StepOutput> {
  const spec = await withCarried(engine, action, completed(action, scope), scope)
  try {
    const { id } = await engine.createContainer(action.name, spec, action.platform)
    return { containerId: id }
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.status === 409) throw await nameTaken(engine, action, thrown)
    throw thrown
  }
}

/** The body with what only earlier steps knew: the image's id as a label, the ids of the networks. */
function completed({ spec, image, networks, shares = [] }: Create, scope: Scope): ContainerSpec {
  const endpoints = networks.map(({ id, endpoint }) => [resolve(id, scope), endpoint] as const)
  const primary = endpoints[0]?.[0]
  return {
    ...spec,
    Labels: {
      ...spec.Labels,
      ...(image && { [COMPOSE.image]: resolve(image, scope) }),
      ...(shares.length > 0 && { [OURS.shares]: shares.map((id) => resolve(id, scope)).join(',') }),
    },
    HostConfig: { ...spec.HostConfig, ...(primary && { NetworkMode: primary }) },
    ...(primary && { NetworkingConfig: { EndpointsConfig: Object.fromEntries(endpoints) } }),
  }
}

/** Anonymous volumes go on where the new container has one at that place too: declared without a name, or by its image. */
async function withCarried(
  engine: Engine,
  { carry = [] }: Create,
  spec: ContainerSpec,
  { signal }: Scope,
): Promise<ContainerSpec> {
  if (carry.length === 0) return spec
  const mounts = spec.HostConfig.Mounts ?? []
  const declared = (target: string) => mounts.some((each) => each.Target === target)
  const image = carry.every(({ target }) => declared(target))
    ? undefined
    : await engine.inspectImage(spec.Image, signal)
  const kept = carry.filter(({ target }) => declared(target) || image?.volumes.includes(target))
  const sourceOf = (target: string) => kept.find((each) => each.target === target)?.volume
  const named = mounts.map((each) => ({ ...each, Source: each.Source ?? sourceOf(each.Target) })).map(withoutUndefined)
  const added = kept
    .filter(({ target }) => !declared(target))
    .map(({ volume, target }) => ({ Type: 'volume', Source: volume, Target: target }))
  const names = kept.map(({ volume }) => volume).join(',')
  return {
    ...spec,
    Labels: { ...spec.Labels, ...(names && { [OURS.carried]: names }) },
    HostConfig: { ...spec.HostConfig, Mounts: [...named, ...added] },
  }
}

function withoutUndefined({ Source, ...mount }: Omit<MountSpec, 'Source'> & { Source: string | undefined }): MountSpec {
  return Source === undefined ? mount : { ...mount, Source }
}

/** A container of someone else is never removed: whose it is, is said. */
async function nameTaken(engine: Engine, { name, service, spec }: Create, cause: EngineError): Promise<StepFailure> {
  const holder = await engine.inspectContainer(name).catch(() => undefined)
  if (!holder) return new StepFailure(error('engine-error', cause.message), undefined, { cause })
  const project = holder.labels[COMPOSE.project]
  if (project !== undefined && project === spec.Labels?.[COMPOSE.project])
    return moved(`container ${name} appeared meanwhile`, cause)
  const whose = project
    ? `service "${holder.labels[COMPOSE.service]}" of project "${project}"`
    : 'nobody that flotilla knows'
  const problem = error('foreign-resource', `the name "${name}" is taken by a container of ${whose}`)
  const tries = [`remove it (docker rm -f ${name}) if it is not needed, or change container_name or the project's name`]
  return new StepFailure(
    problem,
    { subject: `container/${service}/1`, container: name, image: holder.image, tries },
    { cause },
  )
}

export async function startContainer(
  engine: Engine,
  action: EngineActions['start-container'],
  scope: Scope,
): Promise<StepOutput> {
  const container = resolve(action.container, scope)
  try {
    await engine.startContainer(container)
    return {}
  } catch (thrown) {
    if (!(thrown instanceof EngineError) || isGone(thrown)) throw thrown
    throw await startFailed(engine, action, container, thrown)
  }
}

/** The container itself, not something that it needs. */
function isGone({ status, message }: EngineError): boolean {
  return status === 404 && /no such container/i.test(message)
}

async function startFailed(
  engine: Engine,
  { service, waiting }: EngineActions['start-container'],
  container: string,
  cause: EngineError,
): Promise<StepFailure> {
  const port = await portHolder(engine, container, cause.message)
  const tries = port ? ['publish another host port, or stop what holds this one'] : triesFor(cause.message)
  const dossier = await collectDossier(engine, { service, container, waiting, tries })
  if (port) {
    const problem = error(
      'port-in-use',
      `${service} cannot be started: host port ${port.port} is held by ${port.holder}`,
    )
    return new StepFailure(problem, { ...dossier, port }, { cause })
  }
  return new StepFailure(error('start-failed', `${service} cannot be started: ${cause.message}`), dossier, { cause })
}

/** What the engine's words mean for whoever wrote the stack file. */
const REMEDIES: [RegExp, string][] = [
  [
    /executable file not found|no such file or directory.*exec|exec:.*no such file/,
    'check `command` and `entrypoint`: the image has no such program',
  ],
  [/permission denied/, 'the program, or what is mounted over it, may not be executed: check its permissions'],
  [/not a directory/, 'a file is mounted over a directory, or the other way round: check `volumes`'],
  [/no space left/, 'the disk is full: remove what is not needed, e.g. `docker system df` shows what takes the space'],
  [/network .* not found/, 'the network was removed by someone: take the stack down and up again'],
]

function triesFor(message: string): string[] {
  return REMEDIES.filter(([pattern]) => pattern.test(message)).map(([, remedy]) => remedy)
}

/** The engine's own grace period, in seconds, where the container has none. */
const DEFAULT_GRACE = 10

/** The engine goes on stopping it even if nobody waits for the answer any more: the journal knows. */
export async function stopContainer(
  engine: Engine,
  journal: Journal,
  container: string,
  grace?: number,
): Promise<void> {
  journal.stopping(container, (grace ?? DEFAULT_GRACE) * 1000)
  await engine.stopContainer(container, grace === undefined ? {} : { grace })
  journal.stopped(container)
}

/** A start that a killed command had asked for may have come through after all: what runs now is stopped first. */
export async function removeContainer(
  engine: Engine,
  journal: Journal,
  container: string,
  options: { force: boolean; volumes: boolean },
): Promise<void> {
  try {
    await engine.removeContainer(container, options)
  } catch (thrown) {
    const runs = thrown instanceof EngineError && thrown.status === 409 && /running container/i.test(thrown.message)
    if (!runs) throw thrown
    await stopContainer(engine, journal, container)
    await engine.removeContainer(container, options)
  }
}

/** Secrets and configs without a file of their own are copied in before the start. Directories are made as needed. */
export async function putFiles(
  engine: Engine,
  container: string,
  files: FileSource[],
  contentOf: (key: string) => Uint8Array | undefined,
): Promise<void> {
  const entries = files.map(({ content, target, mode, uid, gid }): FileEntry => {
    const bytes = contentOf(content)
    if (!bytes) throw new StepFailure(error('path-missing', `the content of ${content.replace('/', ' ')} is not known`))
    return { path: target.replace(/^\/+/, ''), content: bytes, mode, uid, gid }
  })
  await engine.putFiles(container, '/', entries)
}
