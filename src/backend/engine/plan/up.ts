import { type Checked, failed } from '../../../diagnostics/checked.ts'
import { error, isError } from '../../../diagnostics/diagnostic.ts'
import { planBuilder } from '../../../plan/builder.ts'
import type { Plan } from '../../../plan/plan.ts'
import type { StepId } from '../../../plan/step.ts'
import { dependenciesOf } from '../../../stack/dependencies.ts'
import { imageName } from '../../../stack/names.ts'
import type { Declared } from '../../backend.ts'
import type { UpIntent } from '../../intent.ts'
import type { EngineAction } from '../action.ts'
import { lower } from '../lower/lower.ts'
import type { Observed } from '../observed.ts'
import { apiNumber, serviceIn, type UpContext } from './context.ts'
import { type Candidate, decide, replacedIf } from './decide.ts'
import { planImage } from './images.ts'
import { planNetwork } from './networks.ts'
import { planOrphans } from './orphans.ts'
import { afterDependencies, type Planned, waitersOf, waitFor } from './readiness.ts'
import { resume, tidy } from './recover.ts'
import { planReplace } from './replace.ts'
import { planCreate, planKeep, planStart } from './replica.ts'
import { turnsOf } from './rollout.ts'
import { leftOver, type Slot, slotsOf } from './slots.ts'
import type { PlannedReplica, ReplicaInput } from './steps.ts'
import { addRemove } from './stop.ts'
import { planVolumes } from './volumes.ts'

/** From what is declared and what is there to everything that has to be done. Pure. */
export function planUp(declared: Declared, observed: Observed, intent: UpIntent): Checked<Plan<EngineAction>> {
  const selection = selectionOf(declared, intent)
  if (!selection.ok) return selection
  const context = startContext(declared, observed, intent, selection.value)
  const freed = planOrphans(context)
  const planned = new Map<string, PlannedReplica[]>()
  for (const name of context.selection) planned.set(name, planService(context, name, planned, freed))
  if (intent.wait) for (const replica of [...planned.values()].flat()) waitFor(context, replica, 'running_or_healthy')
  removeLeftOvers(context)
  if (context.problems.some(isError)) return failed(...context.problems)
  return { ok: true, value: context.builder.finish(declared.stack.name), warnings: context.problems }
}

/** The named services with everything they need, or all of them, needed ones first. */
function selectionOf({ stack, graph }: Declared, intent: UpIntent): Checked<string[]> {
  const known = Object.keys(stack.services)
  const unknown = intent.services.filter((name) => !known.includes(name))
  if (unknown.length > 0) return failed(...unknown.map((name) => unknownService(name, known)))
  const named = intent.services.length > 0 ? intent.services : known
  const wanted = intent.noDeps ? new Set(named) : graph.closure(named)
  return { ok: true, value: graph.order().filter((name) => wanted.has(name)), warnings: [] }
}

function unknownService(name: string, known: string[]) {
  return error('unknown-service', `there is no service "${name}"`, {
    hint: `the stack has ${[...known].sort().join(', ')}`,
  })
}

function startContext(declared: Declared, observed: Observed, intent: UpIntent, selection: string[]): UpContext {
  const slots = new Map(selection.map((name) => [name, slotsOf(declared.stack, name, observed.containers)]))
  const api = apiNumber(observed.engine?.apiVersion)
  return {
    declared,
    observed,
    intent,
    selection,
    slots,
    api,
    networks: new Map(),
    builder: planBuilder(),
    problems: [],
  }
}

/** One service: its image, networks and volumes once, then each of its replicas. */
function planService(
  context: UpContext,
  name: string,
  planned: Planned,
  freed: ReadonlyMap<string, StepId>,
): PlannedReplica[] {
  const service = serviceIn(context, name)
  const image = planImage(context, name)
  const networks = Object.keys(service.network_mode ? {} : (service.networks ?? {}))
    .sort()
    .flatMap((key) => {
      const found = planNetwork(context, key)
      return found ? [{ key, planned: found }] : []
    })
  const shared = sharedWith(context, name, planned)
  const before = [...planVolumes(context, service), ...shared.settled]
  const common = { context, image, networks, waiting: waitersOf(context, name) }
  const turns = turnsOf(context, name)
  return (context.slots.get(name) ?? []).map((slot) => {
    const lowered = lower({ stack: context.declared.stack, name, service, index: slot.index, api: context.api })
    const candidate: Candidate = { context, slot, image, lowered, networks, replacedSpaces: shared.replaced }
    const free = [freed.get(slot.name), goneFirst(context, slot)].filter((each) => each !== undefined)
    const rollout = turns ? { rollout: turns.next() } : {}
    const replica = planReplica(
      candidate,
      { ...common, slot, lowered, before: [...before, ...free], ready: [], ...rollout },
      planned,
    )
    turns?.took(replica)
    return replica
  })
}

/** Services whose namespaces or volumes this one shares: their containers must stand before it is created, and it follows their fate. */
function sharedWith(context: UpContext, name: string, planned: Planned): { settled: StepId[]; replaced: string[] } {
  const sharing = dependenciesOf(serviceIn(context, name)).filter(
    (edge) => !['depends_on', 'links'].includes(edge.from),
  )
  const explicit = new Set(sharing.map((edge) => edge.service))
  const all = [...explicit, ...spacesOf(context, name).filter((each) => !explicit.has(each))]
  const replicas = all.flatMap((each) => planned.get(each) ?? [])
  const replaced = all.filter((each) =>
    (planned.get(each) ?? []).some((replica) => typeof replica.container !== 'string'),
  )
  return { settled: replicas.flatMap((replica) => replica.settled), replaced }
}

/** The same, where `depends_on` names the service too and so hides the implied dependency. */
function spacesOf(context: UpContext, name: string): string[] {
  const service = serviceIn(context, name)
  const spaces = [service.network_mode, service.ipc, service.pid].flatMap((mode) =>
    mode?.startsWith('service:') ? [mode.slice('service:'.length)] : [],
  )
  const volumes = (service.volumes_from ?? [])
    .filter((each) => !each.startsWith('container:'))
    .map((each) => each.split(':')[0] ?? '')
  return [...spaces, ...volumes]
}

/** The engine is still at removing the container of a slot: wait for that. */
function goneFirst(context: UpContext, slot: Slot): StepId | undefined {
  const { current } = slot
  if (!current || (current.state !== 'removing' && current.state !== 'dead')) return undefined
  return addRemove(context.builder, current, {
    cause: `the engine left it ${current.state}`,
    after: [],
    volumes: false,
  })
}

function planReplica(candidate: Candidate, given: ReplicaInput, planned: Planned): PlannedReplica {
  const { context, slot } = candidate
  const resumed = resume(candidate, () => ({ ...given, ready: afterDependencies(context, slot.service, planned) }))
  if (resumed) return resumed
  const input = { ...given, before: [...given.before, ...tidy(candidate)] }
  const decision = decide(candidate)
  const condition = decision.kind === 'create' || decision.kind === 'replace' ? undefined : replacedIf(candidate)
  if (decision.kind === 'keep' && !condition) return planKeep(input)
  const ready = { ...input, ready: afterDependencies(context, slot.service, planned) }
  switch (decision.kind) {
    case 'create':
      return planCreate(ready, decision.cause)
    case 'replace':
      return planReplace(ready, decision.cause, decision.changes)
    case 'keep':
      return replaceIf(ready, condition)
    case 'start':
      return condition ? startOrReplace(ready, decision.cause, condition) : planStart(ready, decision.cause)
  }
}

type Condition = NonNullable<ReturnType<typeof replacedIf>>

function replaceIf(input: ReplicaInput, when: Condition | undefined): PlannedReplica {
  const { context, slot } = input
  const cause = `image ${imageName(context.declared.stack, slot.service, serviceIn(context, slot.service))} is another one now`
  return planReplace(input, cause, [], when)
}

/** A stopped container whose image may turn out to be another: either it is replaced or, the image being the same, started. */
function startOrReplace(input: ReplicaInput, cause: string, when: Condition): PlannedReplica {
  if (!('differs' in when)) return planStart(input, cause)
  const same = planStart({ ...input, ready: [...input.ready, { step: when.output, on: 'success' }] }, cause, {
    output: when.output,
    field: when.field,
    equals: when.differs,
  })
  const other = replaceIf(input, when)
  return { ...other, started: [...same.started, ...other.started], settled: [...same.settled, ...other.settled] }
}

/** Replicas too many, and doubles. */
function removeLeftOvers(context: UpContext): void {
  const { stack } = context.declared
  const slots = [...context.slots.values()].flat()
  for (const container of leftOver(stack, slots, context.observed.containers)) {
    const timeout = context.intent.timeout === undefined ? {} : { timeout: context.intent.timeout }
    addRemove(context.builder, container, { cause: 'one replica too many', after: [], volumes: false, ...timeout })
  }
}
