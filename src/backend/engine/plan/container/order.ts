import type { ContainerSummary } from '../../../../docker/port.ts'
import type { StepId } from '../../../../plan/step.ts'
import type { Declared } from '../../../backend.ts'
import { COMPOSE } from '../../../docker/labels.ts'

/** Adds a step for one container, after these steps; undefined if none is needed. */
type Act = (container: ContainerSummary, after: StepId[]) => StepId | undefined

/** Visits dependents first. Returns each container's step, by container id. */
export function dependentsFirst(declared: Declared, targets: ContainerSummary[], act: Act): Map<string, StepId> {
  return walk(targets, (container, each) => needs(declared, each, container), act)
}

/** Visits dependencies first. Returns each container's step, by container id. */
export function neededFirst(declared: Declared, targets: ContainerSummary[], act: Act): Map<string, StepId> {
  return walk(targets, (container, each) => needs(declared, container, each), act)
}

function walk(
  targets: ContainerSummary[],
  isFirst: (container: ContainerSummary, other: ContainerSummary) => boolean,
  act: Act,
): Map<string, StepId> {
  const done = new Map<string, StepId>()
  const last = new Map<string, StepId[]>()
  const byId = [...targets].sort((a, b) => (a.id < b.id ? -1 : 1))
  /** The steps after which this container is done; a container without a step passes on its predecessors. */
  const visit = (container: ContainerSummary): StepId[] => {
    const known = last.get(container.id)
    if (known) return known
    last.set(container.id, [])
    const first = byId.filter((each) => each !== container && isFirst(container, each))
    const after = [...new Set(first.flatMap(visit))]
    const step = act(container, after)
    if (step !== undefined) done.set(container.id, step)
    const steps = step === undefined ? after : [step]
    last.set(container.id, steps)
    return steps
  }
  for (const container of byId) visit(container)
  return done
}

/** By the stack file, else by the container's label: `db:service_healthy:false,…`. */
function needs({ stack, graph }: Declared, dependent: ContainerSummary, needed: ContainerSummary): boolean {
  const name = dependent.labels[COMPOSE.service] ?? ''
  const target = needed.labels[COMPOSE.service] ?? ''
  if (name === target) return false
  if (name in stack.services) return graph.needs(name).includes(target)
  const label = dependent.labels[COMPOSE.dependsOn] ?? ''
  return label.split(',').some((each) => each.split(':')[0] === target)
}
