import { type Checked, failed } from '../../../../diagnostics/checked.ts'
import { isError } from '../../../../diagnostics/diagnostic.ts'
import type { ContainerSummary } from '../../../../docker/port.ts'
import { planBuilder } from '../../../../plan/builder.ts'
import type { Plan } from '../../../../plan/plan.ts'
import type { StepId } from '../../../../plan/step.ts'
import { spacesOf } from '../../../../stack/dependencies.ts'
import type { Stack } from '../../../../stack/model.ts'
import { groupBy } from '../../../../util/object.ts'
import type { Declared } from '../../../backend.ts'
import { COMPOSE } from '../../../docker/labels.ts'
import type { UpIntent } from '../../../intent.ts'
import type { EngineAction } from '../../action.ts'
import type { Observed } from '../../observe/observed.ts'
import { scaleProblems } from '../../observe/scale.ts'
import { leftOver, slotsOf } from '../../observe/slots.ts'
import { removeHookContainers } from '../container/before-start.ts'
import { revisionOf } from '../container/revision.ts'
import { addRemove } from '../container/stop.ts'
import { engineFacts, newContext } from '../new-context.ts'
import { tooOld } from '../refuse/engine-too-old.ts'
import { refusals } from '../refuse/refuse.ts'
import { makersIn } from '../resource/images.ts'
import { databasesIn } from '../resource/initials.ts'
import { lockProblems } from '../resource/locked-images.ts'
import { planNetwork } from '../resource/networks.ts'
import { rejoin } from '../resource/rejoin.ts'
import { planVolume } from '../resource/volumes.ts'
import { orderByClaims } from '../resource-claims.ts'
import { planService } from '../service.ts'
import type { PlannedReplica, UpContext } from '../types.ts'
import { elsewhere } from './elsewhere.ts'
import { waitForAll } from './last-look.ts'
import { planOrphans } from './orphans.ts'
import { unknownServices } from './unknown-service.ts'

/** Plans all steps from the declared to the observed state. Pure. */
export function planUp(declared: Declared, observed: Observed, intent: UpIntent): Checked<Plan<EngineAction>> {
  const selection = selectionOf(declared, observed, intent)
  if (!selection.ok) return selection
  const context = startContext(declared, observed, intent, selection.value)
  context.problems.push(
    ...elsewhere(context),
    ...scaleProblems(declared, Object.keys(intent.scale ?? {})),
    ...refusals(context),
    ...tooOld(context),
    ...lockProblems(context),
  )
  const planned = planServices(context)
  if (intent.wait) waitForAll(context, planned)
  orderByClaims(context)
  if (context.problems.some(isError)) return failed(...context.problems)
  return { ok: true, value: context.builder.finish(declared.stack.name), warnings: context.problems }
}

/** Plans the selected services, and the removal of containers that are in their way. */
export function planServices(context: UpContext): Map<string, PlannedReplica[]> {
  const freed = new Map([...planOrphans(context), ...planLeftOvers(context)])
  const planned = new Map<string, PlannedReplica[]>()
  for (const name of context.selection) planned.set(name, planService(context, name, planned, freed))
  if (context.intent.allResources) planUnused(context)
  rejoin(context)
  return planned
}

/** Plans declared networks and volumes that no service uses. */
function planUnused(context: UpContext): void {
  const { networks, volumes } = context.declared.stack
  for (const key of Object.keys(networks)) planNetwork(context, key)
  for (const key of Object.keys(volumes)) planVolume(context, key)
}

/** The named services with their dependencies, or all services, dependencies first. */
export function selectionOf({ stack, graph }: Declared, observed: Observed, intent: UpIntent): Checked<string[]> {
  const known = Object.keys(stack.services)
  const unknown = unknownServices([...intent.services, ...Object.keys(intent.scale ?? {})], known)
  if (unknown.length > 0) return failed(...unknown)
  const named = intent.services.length > 0 ? intent.services : known
  const wanted = intent.noDeps ? new Set(named) : graph.closure(named)
  for (const name of sharers(stack, wanted, observed)) wanted.add(name)
  return { ok: true, value: graph.order().filter((name) => wanted.has(name)), warnings: [] }
}

/** Services with containers that share namespaces or volumes of others: they must follow these. */
function sharers(stack: Stack, wanted: ReadonlySet<string>, observed: Observed): string[] {
  const there = new Set(observed.containers.map((each) => each.labels[COMPOSE.service]))
  return Object.entries(stack.services)
    .filter(([name, service]) => there.has(name) && spacesOf(service).some((each) => wanted.has(each)))
    .map(([name]) => name)
}

export function startContext(declared: Declared, observed: Observed, intent: UpIntent, selection: string[]): UpContext {
  const there = groupBy(observed.containers, ({ labels }) => labels[COMPOSE.service] ?? '')
  const facts = engineFacts(observed)
  const isCurrent = revisionOf({ stack: declared.stack, observed, ...facts })
  const slots = new Map(
    selection.map((name) => [name, slotsOf(declared.stack, name, there.get(name) ?? [], isCurrent)]),
  )
  return {
    ...newContext({ declared, observed, intent, builder: planBuilder(), selection, slots, ...facts }),
    holders: new Map(observed.holders.map((each) => [each.name, each])),
    makers: makersIn(declared.stack, selection),
    databases: databasesIn(declared.stack),
  }
}

/**
 * Removes superfluous replicas, duplicates, and dead containers. Returns, by name, the step after which the name is
 * free.
 */
function planLeftOvers(context: UpContext): Map<string, StepId> {
  const { declared, observed, builder, slots, intent } = context
  const timeout = intent.timeout === undefined ? {} : { timeout: intent.timeout }
  const extra = leftOver(declared.stack, slots, observed.containers).map((each) => [each, 'scaled down'] as const)
  const leaving = [...slots.values()].flat().flatMap((slot) => slot.leaving)
  const gone = leaving.map((each) => [each, `removal did not finish (state: ${each.state})`] as const)
  const remove = (container: ContainerSummary, cause: string) =>
    addRemove(builder, container, { cause, after: [], volumes: false, ...timeout })
  const removed = [...extra, ...gone].map(([container, cause]) => [container.name, remove(container, cause)] as const)
  return new Map([...removed, ...removeHookContainers(context)])
}
