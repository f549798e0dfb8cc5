import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { foreign } from '../../../diagnostics/foreign.ts'
import { type ContainerSummary, type Engine, EngineError, type EngineEvent } from '../../../docker/port.ts'
import { namespacesOf } from '../../../stack/dependencies.ts'
import type { Stack } from '../../../stack/model.ts'
import { familiar } from '../../docker/image-reference.ts'
import { COMPOSE, OURS, originOf } from '../../docker/labels.ts'
import type { Change, Reader, Replica } from '../../reader.ts'
import { isAlive } from '../../state.ts'
import { openCommand } from '../compare/sensitive.ts'
import { hasFailedTests } from '../observe/health.ts'
import { isOneOff } from '../observe/slots.ts'
import { cutOff } from '../observe/stale-namespaces.ts'
import { execDetached, execSession } from './session.ts'

/** What commands read from one engine. */
export function engineReader(engine: Engine): Reader {
  return {
    async list(project, { all, verdicts }, signal) {
      const containers = await engine.listContainers({ labels: [`${COMPOSE.project}=${project}`] }, signal)
      const chosen = all ? containers : containers.filter(isAlive)
      const replicas = chosen.map(toReplica).sort(byServiceAndNumber)
      return verdicts ? Promise.all(replicas.map((each) => withVerdict(engine, each, signal))) : replicas
    },
    logs: (id, options, signal) => engine.logs(id, options, signal),
    async changes(project, signal) {
      const events = await engine.events({ types: ['container'], labels: [`${COMPOSE.project}=${project}`] }, signal)
      return toChanges(events)
    },
    remembered: (project, until, signal) => remembered(engine, project, until, signal),
    cutOff: (stack, signal) => cutOffIn(engine, stack, signal),
    digestOf: (image, signal) => digestOf(engine, image, signal),
    exec: (id, request, { clock, signal }) => execSession(engine, id, request, clock, signal),
    openCommand: async (id, signal) => {
      const detail = await engine.inspectContainer(id, signal)
      return detail && openCommand(detail)
    },
    execDetached: (id, request, signal) => execDetached(engine, id, request, signal),
    async settled(id, signal) {
      // An inspect takes turns with starts and stops, a list does not.
      await engine.inspectContainer(id, signal)
    },
    async environment(id, signal) {
      return (await engine.inspectContainer(id, signal))?.spec.Env ?? []
    },
  }
}

/** What the engine does not test, it calls unhealthy. */
async function withVerdict(engine: Engine, replica: Replica, signal: AbortSignal): Promise<Replica> {
  if (replica.health !== 'unhealthy') return replica
  const detail = await engine.inspectContainer(replica.id, signal)
  return detail && !hasFailedTests(detail) ? { ...replica, health: 'starting' } : replica
}

async function remembered(
  engine: Engine,
  project: string,
  until: number,
  signal: AbortSignal,
): Promise<(Change & { at: number })[]> {
  const labels = [`${COMPOSE.project}=${project}`]
  const past = { since: 1, until: until / 1000 }
  const found: (Change & { at: number })[] = []
  for await (const event of await engine.events({ types: ['container'], labels, past }, signal)) {
    const change = toChange(event)
    if (change) found.push({ ...change, at: Number(event.timeNano / 1_000_000n) })
  }
  return found
}

async function cutOffIn(engine: Engine, stack: Stack, signal: AbortSignal): Promise<string[]> {
  if (Object.values(stack.services).every((service) => namespacesOf(service).length === 0)) return []
  const containers = await engine.listContainers({ labels: [`${COMPOSE.project}=${stack.name}`] }, signal)
  const replicas = containers.filter((each) => !isOneOff(each))
  return cutOff(engine, stack, replicas, signal)
}

async function digestOf(engine: Engine, image: string, signal: AbortSignal): Promise<string> {
  try {
    return await engine.registryDigest(familiar(image), signal)
  } catch (cause) {
    if (!(cause instanceof EngineError) || !cause.isRefusal) throw cause
    const local = await engine.inspectImage(image, signal)
    const hint = local
      ? 'the engine has it from elsewhere, e.g. a build: push it, or leave its service out'
      : 'look at the name, the network, and whether you are logged in'
    throw new StackError([error('image-unavailable', `no registry has ${image}: ${foreign(cause.message)}`, { hint })])
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

async function* toChanges(events: AsyncIterable<EngineEvent>): AsyncIterable<Change> {
  for await (const event of events) {
    const change = toChange(event)
    if (change) yield change
  }
}

const ACTIONS = new Set(['start', 'die', 'destroy', 'create', 'stop', 'kill', 'oom'])

function toChange({ action, id, attributes }: EngineEvent): Change | undefined {
  const common = {
    id,
    service: attributes[COMPOSE.service] ?? '',
    number: Number(attributes[COMPOSE.number] ?? 0),
    oneoff: attributes[COMPOSE.oneoff]?.toLowerCase() === 'true',
  }
  const health = /^health_status: (healthy|unhealthy|starting)$/.exec(action)?.[1]
  if (health) return { ...common, action: 'health', health: health as 'healthy' | 'unhealthy' | 'starting' }
  if (!ACTIONS.has(action)) return undefined
  const { exitCode, signal } = attributes
  return {
    ...common,
    action: action as Change['action'],
    ...(exitCode !== undefined && { exitCode: Number(exitCode) }),
    ...(signal !== undefined && { signal }),
  }
}
