import type { ContainerSummary } from '../../../../docker/port.ts'
import type { StepId } from '../../../../plan/step.ts'
import { groupBy, manyBy } from '../../../../util/object.ts'
import type { Declared } from '../../../backend.ts'
import { COMPOSE } from '../../../docker/labels.ts'

/** Adds a step for one container, after these steps; undefined if none is needed. */
type Act = (container: ContainerSummary, after: StepId[]) => StepId | undefined

/** Visits dependents first. Returns each container's step, by container id. */
export function dependentsFirst(declared: Declared, targets: ContainerSummary[], act: Act): Map<string, StepId> {
  const dependents = manyBy(targets, (each) => namesNeeded(declared, each))
  return walk(targets, (container) => dependents.get(serviceOf(container)) ?? [], act)
}

/** Visits dependencies first. Returns each container's step, by container id. */
export function neededFirst(declared: Declared, targets: ContainerSummary[], act: Act): Map<string, StepId> {
  const byService = groupBy(targets, serviceOf)
  const needed = (container: ContainerSummary) =>
    [...namesNeeded(declared, container)].flatMap((name) => byService.get(name) ?? [])
  return walk(targets, needed, act)
}

interface Visit {
  container: ContainerSummary
  /** The containers visited before it. */
  first: ContainerSummary[]
  next: number
}

/** Iterative: dependency chains may be long. */
function walk(
  targets: ContainerSummary[],
  firstOf: (container: ContainerSummary) => readonly ContainerSummary[],
  act: Act,
): Map<string, StepId> {
  const done = new Map<string, StepId>()
  /** The steps after which a container is done; one without a step passes on its predecessors. */
  const last = new Map<string, StepId[]>()
  const enter = (container: ContainerSummary): Visit => {
    last.set(container.id, [])
    return { container, first: [...firstOf(container)].sort(byId), next: 0 }
  }
  const leave = ({ container, first }: Visit) => {
    const after = [...new Set(first.flatMap(({ id }) => last.get(id) ?? []))]
    const step = act(container, after)
    if (step !== undefined) done.set(container.id, step)
    last.set(container.id, step === undefined ? after : [step])
  }
  for (const container of [...targets].sort(byId)) {
    const open = last.has(container.id) ? [] : [enter(container)]
    for (let visit = open.at(-1); visit; visit = open.at(-1)) {
      const each = visit.first[visit.next++]
      if (each === undefined) leave(open.pop() as Visit)
      else if (!last.has(each.id)) open.push(enter(each))
    }
  }
  return done
}

function byId(a: ContainerSummary, b: ContainerSummary): number {
  return a.id < b.id ? -1 : 1
}

function serviceOf({ labels }: ContainerSummary): string {
  return labels[COMPOSE.service] ?? ''
}

/** The services that a container needs: by the stack file, else by its label, `db:service_healthy:false,…`. */
function namesNeeded({ stack, graph }: Declared, container: ContainerSummary): Set<string> {
  const name = serviceOf(container)
  const label = container.labels[COMPOSE.dependsOn] ?? ''
  const names = name in stack.services ? graph.needs(name) : label.split(',').map((each) => each.split(':')[0] ?? '')
  return new Set(names.filter((each) => each !== name))
}
