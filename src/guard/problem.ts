import type { Replica } from '../backend/read/containers.ts'
import { hasExited, hasSucceeded, isAlive, isLeaving, isRunning, isUnstarted } from '../backend/state.ts'
import { type DesiredState, isDesired, type ReplicaSlot } from '../project/state/desired-state.ts'
import { type DependencyEdge, dependenciesOf, namespacesOf } from '../stack/dependencies.ts'
import type { Service, Stack } from '../stack/model.ts'
import { replicasOf } from '../stack/names.ts'

/** A desired container that does not run as it should. */
export interface Problem extends ReplicaSlot {
  kind: 'missing' | 'unstarted' | 'ended' | 'unhealthy' | 'cut-off'
  /** Absent if no container exists. */
  id?: string
  exitCode?: number
}

/** The input of all decisions. */
export interface Situation {
  stack: Stack
  /** Every container of the project. */
  replicas: readonly Replica[]
  desired: DesiredState
  /** The guarded services. */
  services: readonly string[]
  /** Slots (`web/1`) whose container has completed its work. */
  done: ReadonlySet<string>
  /** Ids of containers in namespaces of another container's earlier run. */
  cutOff: ReadonlySet<string>
}

/** Exit codes of containers that the engine failed to start. */
const NOT_STARTED: ReadonlySet<number> = new Set([125, 126, 127, 128])

export function keyOf({ service, number }: ReplicaSlot): string {
  return `${service}/${number}`
}

/** All desired containers that do not run as they should, sorted by service and number. */
export function problemsOf(situation: Situation): Problem[] {
  return situation.services.flatMap((service) =>
    wantedNumbers(situation, service).flatMap((number) => problemAt(situation, { service, number }) ?? []),
  )
}

/** The numbers of a service's desired containers. */
export function wantedNumbers({ stack, desired }: Pick<Situation, 'stack' | 'desired'>, name: string): number[] {
  const service = stack.services[name]
  if (!service || service.provider) return []
  const declared = replicasOf(service)
  const known = desired.services[name]
  const overrides = Object.keys(known?.overrides ?? {}).map(Number)
  const most = Math.max(declared, known?.count ?? 0, ...overrides)
  const all = Array.from({ length: most }, (_, index) => index + 1)
  return all.filter((number) => isDesired(desired, { service: name, number }, declared) === true)
}

/** The container in a slot, except one that the engine is removing. */
export function replicaAt(replicas: readonly Replica[], { service, number }: ReplicaSlot): Replica | undefined {
  const all = replicas.filter(
    (each) => each.service === service && each.number === number && !each.oneoff && !isLeaving(each),
  )
  return all.find(isAlive) ?? all[0]
}

/** Whether a container has completed its work: it exited with 0, and nothing marks it as a server. */
export function isDone(stack: Stack, replica: Replica): boolean {
  const { service } = replica
  const spec = stack.services[service] ?? {}
  return hasSucceeded(replica) && (isAwaited(stack, service) || endsWell(spec))
}

/**
 * Decides from the state of a container whose end was not observed: a stopped one whose restart policy would have restarted it was
 * stopped by hand.
 */
export function isStoppedByHand(stack: Stack, replica: Replica): boolean {
  const { exitCode, service } = replica
  const policy = policyOf(stack.services[service] ?? {})
  return hasExited(replica) && !NOT_STARTED.has(exitCode ?? 0) && (policy === 'always' || policy === 'unless-stopped')
}

/** The problems whose dependencies are met, or are themselves among the problems. */
export function readyOnes(situation: Situation, problems: readonly Problem[]): Problem[] {
  let ready = [...problems]
  for (;;) {
    const left = ready.filter(({ service }) =>
      dependenciesOf(situation.stack.services[service] ?? {}).every((edge) => isMet(situation, service, edge, ready)),
    )
    if (left.length === ready.length) return left
    ready = left
  }
}

function problemAt(situation: Situation, slot: ReplicaSlot): Problem | undefined {
  const { stack, replicas, done, cutOff } = situation
  const replica = replicaAt(replicas, slot)
  if (!replica)
    return isAwaited(stack, slot.service) || done.has(keyOf(slot)) ? undefined : { ...slot, kind: 'missing' }
  const found = { ...slot, id: replica.id }
  if (isUnstarted(replica)) return { ...found, kind: 'unstarted' }
  if (isRunning(replica) && cutOff.has(replica.id)) return { ...found, kind: 'cut-off' }
  if (isRunning(replica)) return replica.health === 'unhealthy' ? { ...found, kind: 'unhealthy' } : undefined
  if (!hasExited(replica) || isDone(stack, replica)) return undefined
  return { ...found, kind: 'ended', ...(replica.exitCode !== undefined && { exitCode: replica.exitCode }) }
}

/** Whether another service waits for its completion. */
export function isAwaited({ services }: Stack, name: string): boolean {
  return Object.values(services).some((service) =>
    dependenciesOf(service).some(
      (edge) => edge.service === name && edge.condition === 'service_completed_successfully',
    ),
  )
}

/** Whether an exit with 0 is acceptable: by its policy, or because nobody needs it to keep running. */
function endsWell(service: Service): boolean {
  const policy = policyOf(service)
  if (policy === 'on-failure') return true
  const tested = service.healthcheck !== undefined && service.healthcheck.disable !== true
  return policy === 'no' && !tested && (service.ports ?? []).length === 0 && (service.expose ?? []).length === 0
}

/** The restart policy in the engine's terms: `no`, `always`, `on-failure`, `unless-stopped`. */
function policyOf({ restart, deploy }: Service): string {
  const condition = deploy?.restart_policy?.condition
  if (deploy?.restart_policy) return CONDITIONS[condition ?? 'any'] ?? 'no'
  return (restart ?? 'no').split(':')[0] ?? 'no'
}

const CONDITIONS: Readonly<Record<string, string>> = { none: 'no', 'on-failure': 'on-failure', any: 'always' }

/** Whether a dependency permits a start; the plan orders those that start together. */
function isMet(
  situation: Situation,
  dependent: string,
  { service, condition }: DependencyEdge,
  together: readonly Problem[],
): boolean {
  // A guest cannot run without the first container of its host, whether that is desired or not.
  const isHost = namespacesOf(situation.stack.services[dependent] ?? {}).includes(service)
  const numbers = new Set([...wantedNumbers(situation, service), ...(isHost ? [1] : [])])
  return [...numbers].every((number) => {
    const replica = replicaAt(situation.replicas, { service, number })
    if (condition === 'service_completed_successfully') return replica === undefined || hasSucceeded(replica)
    const alive = replica !== undefined && (isAlive(replica) || isDone(situation.stack, replica))
    if (condition === 'service_started')
      return alive || together.some((each) => each.service === service && each.number === number)
    return isRunning(replica) && (replica?.health ?? 'healthy') === 'healthy'
  })
}
