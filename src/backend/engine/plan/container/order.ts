import type { ContainerSummary } from '../../../../docker/port.ts'
import type { StepId } from '../../../../plan/step.ts'
import type { Declared } from '../../../backend.ts'
import { COMPOSE } from '../../../docker/labels.ts'

/** What is done to one container, after these steps; undefined where nothing is. */
type Act = (container: ContainerSummary, after: StepId[]) => StepId | undefined

/** Each container comes after everything that was done to those that need it. The result tells the step of each, by its id. */
export function dependentsFirst(declared: Declared, targets: ContainerSummary[], act: Act): Map<string, StepId> {
  return walk(targets, (container, each) => needs(declared, each, container), act)
}

/** Each container comes after everything that was done to those that it needs. */
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
  /** The steps after which all is done up to this container; one to which nothing is done passes on what it would come after. */
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

/** By the stack file, else by the label that every container carries: `db:service_healthy:false,…`. */
function needs({ stack, graph }: Declared, dependent: ContainerSummary, needed: ContainerSummary): boolean {
  const name = dependent.labels[COMPOSE.service] ?? ''
  const target = needed.labels[COMPOSE.service] ?? ''
  if (name === target) return false
  if (name in stack.services) return graph.needs(name).includes(target)
  const label = dependent.labels[COMPOSE.dependsOn] ?? ''
  return label.split(',').some((each) => each.split(':')[0] === target)
}
