import type { Replica } from '../backend/read/containers.ts'
import { hasExited, hasSucceeded, isAlive, isLeaving, isRunning, isUnstarted } from '../backend/state.ts'
import { type DesiredState, isDesired, type ReplicaSlot } from '../project/state/desired-state.ts'
import { type DependencyEdge, dependenciesOf, namespacesOf } from '../stack/dependencies.ts'
import type { Service, Stack } from '../stack/model.ts'
import { replicasOf } from '../stack/names.ts'

/** A container that is wanted and does not run as it should. */
export interface Problem extends ReplicaSlot {
  kind: 'missing' | 'unstarted' | 'ended' | 'unhealthy' | 'cut-off'
  /** Absent where there is none. */
  id?: string
  exitCode?: number
}

/** The input of all decisions. */
export interface Situation {
  stack: Stack
  /** Every container of the project. */
  replicas: readonly Replica[]
  desired: DesiredState
  /** The services that are guarded. */
  services: readonly string[]
  /** Places (`web/1`) whose container has done its work. */
  done: ReadonlySet<string>
  /** Ids of containers that run in the namespaces of another container's earlier run. */
  cutOff: ReadonlySet<string>
}

/** Exit codes of containers that the engine could not even start. */
const NOT_STARTED: ReadonlySet<number> = new Set([125, 126, 127, 128])

export function keyOf({ service, number }: ReplicaSlot): string {
  return `${service}/${number}`
}

/** Everything that is wanted and does not run as it should, in order of service and number. */
export function problemsOf(situation: Situation): Problem[] {
  return situation.services.flatMap((service) =>
    wantedNumbers(situation, service).flatMap((number) => problemAt(situation, { service, number }) ?? []),
  )
}

/** The numbers of a service's containers that are wanted to run. */
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

/** The container that stands in a slot; what the engine is removing is none. */
export function replicaAt(replicas: readonly Replica[], { service, number }: ReplicaSlot): Replica | undefined {
  const all = replicas.filter(
    (each) => each.service === service && each.number === number && !each.oneoff && !isLeaving(each),
  )
  return all.find(isAlive) ?? all[0]
}

/** A container that has done its work: it ended with 0, and nothing says that it is a server. */
export function isDone(stack: Stack, replica: Replica): boolean {
  const { service } = replica
  const spec = stack.services[service] ?? {}
  return hasSucceeded(replica) && (isAwaited(stack, service) || endsWell(spec))
}

/**
 * Decides from the state of a container whose end was not observed: an engine restarts a container with such a policy, unless it was
 * stopped by hand.
 */
export function isStoppedByHand(stack: Stack, replica: Replica): boolean {
  const { exitCode, service } = replica
  const policy = policyOf(stack.services[service] ?? {})
  return hasExited(replica) && !NOT_STARTED.has(exitCode ?? 0) && (policy === 'always' || policy === 'unless-stopped')
}

/** Of those that are in trouble, those whose dependencies are as they have to be, or are among them too. */
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

/** Whether some other service waits for its end. */
export function isAwaited({ services }: Stack, name: string): boolean {
  return Object.values(services).some((service) =>
    dependenciesOf(service).some(
      (edge) => edge.service === name && edge.condition === 'service_completed_successfully',
    ),
  )
}

/** By its policy, or because nobody could miss it. */
function endsWell(service: Service): boolean {
  const policy = policyOf(service)
  if (policy === 'on-failure') return true
  const tested = service.healthcheck !== undefined && service.healthcheck.disable !== true
  return policy === 'no' && !tested && (service.ports ?? []).length === 0 && (service.expose ?? []).length === 0
}

/** In the engine's words: `no`, `always`, `on-failure`, `unless-stopped`. */
function policyOf({ restart, deploy }: Service): string {
  const condition = deploy?.restart_policy?.condition
  if (deploy?.restart_policy) return CONDITIONS[condition ?? 'any'] ?? 'no'
  return (restart ?? 'no').split(':')[0] ?? 'no'
}

const CONDITIONS: Readonly<Record<string, string>> = { none: 'no', 'on-failure': 'on-failure', any: 'always' }

/** Whether a dependency allows a start; what of it is started along with its dependent is put in order by the plan. */
function isMet(
  situation: Situation,
  dependent: string,
  { service, condition }: DependencyEdge,
  together: readonly Problem[],
): boolean {
  // It is nowhere without the first container of its host, wanted or not.
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
