import type { After, StepId } from '../../../../plan/step.ts'
import { againVariant, stepIds } from '../../../../plan/step-id.ts'
import type { Service } from '../../../../stack/model.ts'
import { groupBy } from '../../../../util/object.ts'
import { isAlive } from '../../../state.ts'
import { serviceIn } from '../context.ts'
import { adder, addressOf } from '../steps.ts'
import type { Planned, PlannedReplica, ReplicaInput, UpContext } from '../types.ts'
import { planConnects } from './connects.ts'
import { addPreStop } from './hooks.ts'
import { addStart } from './start.ts'
import { stopAction } from './stop.ts'

/**
 * `depends_on.X.restart`: a running container is stopped before a container of X is replaced or restarted, and started
 * once X meets its condition. It is stopped first, as `docker compose` does (pkg/compose/convergence.go), so that after
 * a killed command the next one finds it stopped.
 * @returns the replicas of dependencies whose replacement or restart restarts this one; none for a stopped container or
 * a job
 */
export function renewedDependencies(
  { context, slot }: Pick<ReplicaInput, 'context' | 'slot'>,
  planned: Planned,
): PlannedReplica[] {
  const names = restartingDependencies(serviceIn(context, slot.service))
  if (names.length === 0 || context.intent.noStart || !isAlive(slot.current) || context.lookup.isJob(slot.service))
    return []
  return names.flatMap((name) => (planned.get(name) ?? []).filter(isRenewed))
}

function restartingDependencies({ depends_on = {} }: Service): string[] {
  return Object.entries(depends_on)
    .flatMap(([name, { restart }]) => (restart ? [name] : []))
    .sort()
}

function isRenewed({ replaced, restarted }: PlannedReplica): boolean {
  return restarted === true || replaced
}

/** Stops the container and starts it again; conditionally if all replacements of its dependencies are conditional. */
export function restartReplica(input: ReplicaInput, renewed: PlannedReplica[]): PlannedReplica {
  const certain = renewed.filter(({ when }) => when === undefined)
  const groups = certain.length > 0 ? [renewed] : [...groupBy(renewed, ({ slot }) => slot.service).values()]
  const connected = planConnects(input)
  const restarts = groups.map((group) => restart(input, group, connected))
  const started = restarts.flatMap((each) => each.started)
  const [when] = certain.length > 0 ? [] : renewed.flatMap((replica) => replica.when ?? [])
  return {
    slot: input.slot,
    container: input.slot.current?.id ?? '',
    started,
    settled: [...connected, ...started],
    undone: restarts.flatMap((each) => each.undone),
    replaced: false,
    restarted: true,
    ...(when && { when }),
  }
}

export function restartCause(renewed: PlannedReplica[]): string {
  const first = renewed.find(({ when }) => when === undefined) ?? renewed[0]
  return `${first?.slot.service} ${first?.restarted ? 'is restarted' : 'is recreated'}`
}

function restart(
  input: ReplicaInput,
  renewed: PlannedReplica[],
  connected: StepId[],
): { started: StepId[]; undone: After[] } {
  const first = renewed.find((replica) => replica.when === undefined) ?? renewed[0]
  const condition = first?.when ? { when: first.when } : {}
  const only = first?.when && first.slot.service
  const cause = restartCause(renewed)
  const stopped = stop(input, renewed, { only, cause, ...condition })
  const created = { container: input.slot.current?.id ?? '', variant: againVariant(only), ...condition }
  const started = addStart(input, created, [stopped, ...connected], cause)
  return { started, undone: renewed.flatMap((replica) => startAnyway(input, replica, stopped)) }
}

/** If the dependency goes back to its old container, this one is started again too. */
function startAnyway(input: ReplicaInput, { undone = [], slot: of, when }: PlannedReplica, stopped: StepId): After[] {
  if (undone.length === 0) return []
  const { slot } = input
  const step = adder(
    input,
    when,
  )({
    id: stepIds.undo('undo', 'restart', addressOf(slot), addressOf(of)),
    verb: 'start',
    phase: 'undo',
    cause: `the replacement of ${of.service} was undone`,
    after: [...undone, stopped],
    action: { kind: 'start-container', service: slot.service, container: slot.current?.id ?? '', waiting: [] },
  })
  return [...undone.filter(({ on }) => on === 'failure'), { step, on: 'success' }]
}

function stop(
  input: ReplicaInput,
  renewed: PlannedReplica[],
  { only, cause, when }: { only: string | undefined; cause: string; when?: NonNullable<PlannedReplica['when']> },
): StepId {
  const { context, slot } = input
  const container = slot.current?.id ?? ''
  const { timeout } = context.intent
  const service = serviceIn(context, slot.service)
  const add = adder(input, when)
  const id = stepIds.restartStop(addressOf(slot), only)
  const after = [
    ...renewed.map((each) => stepIds.create(addressOf(each.slot), '-next')),
    ...stopsOfDependents(context, slot.service),
  ]
  const hooks = addPreStop(add, service, { id, service: slot.service, container, after, timeout })
  const action = stopAction(container, timeout, service)
  return add({ id, verb: 'stop', cause, risk: 'downtime', after: [...after, ...hooks], action })
}

/**
 * The ids of the steps that stop dependents of a service; they come before its own stop. Not all of them need be
 * planned.
 */
export function stopsOfDependents({ declared: { stack }, lookup, slots }: UpContext, name: string): StepId[] {
  return lookup
    .restartedWith(name)
    .flatMap((each) => slots.get(each) ?? [])
    .flatMap((slot) => {
      const certain = stepIds.restartStop(addressOf(slot))
      const conditional = restartingDependencies(stack.services[slot.service] ?? {}).map((of) =>
        stepIds.restartStop(addressOf(slot), of),
      )
      return [certain, ...conditional]
    })
}
