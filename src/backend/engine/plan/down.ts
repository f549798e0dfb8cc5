import { type Checked, failed } from '../../../diagnostics/checked.ts'
import { error, warning } from '../../../diagnostics/diagnostic.ts'
import type { ContainerSummary } from '../../../docker/port.ts'
import { type PlanBuilder, planBuilder } from '../../../plan/builder.ts'
import type { Plan } from '../../../plan/plan.ts'
import type { StepId } from '../../../plan/step.ts'
import { COMPOSE, OURS } from '../../../stack/labels.ts'
import type { Stack } from '../../../stack/model.ts'
import type { Declared } from '../../backend.ts'
import type { DownIntent, StopIntent } from '../../intent.ts'
import type { EngineAction } from '../action.ts'
import type { Observed } from '../observed.ts'
import { isIn } from './networks.ts'
import { orphansOf } from './orphans.ts'
import { isOneOff } from './slots.ts'
import { addRemove, addStop, type StopOptions } from './stop.ts'

interface DownContext {
  declared: Declared
  observed: Observed
  builder: PlanBuilder<EngineAction>
  /** Without a stack file everything that carries the project's label is meant. */
  blind: boolean
}

/**
 * Removes the project's containers, dependents before what they need, then its networks. Volumes only if they were asked for.
 * Without a stack file the labels tell what belongs to the project and what needs what.
 */
export function planDown(declared: Declared, observed: Observed, intent: DownIntent): Checked<Plan<EngineAction>> {
  const unknown = unknownServices(declared.stack, observed, intent.services)
  if (unknown.length > 0) return failed(...unknown)
  const context = startContext(declared, observed)
  const targets = targetsOf(context, intent)
  const removed = inReverse(context, targets, (container, after) =>
    addRemove(context.builder, container, {
      ...optionsFor(context, container, intent.timeout),
      after,
      volumes: intent.volumes,
    }),
  )
  if (intent.services.length === 0) {
    removeNetworks(context, targets, removed)
    noteOrphans(context, intent)
  }
  if (intent.volumes) removeVolumes(context, intent, targets, removed)
  return { ok: true, value: context.builder.finish(declared.stack.name), warnings: [] }
}

/** Stops containers, dependents before what they need, and removes nothing. */
export function planStop(declared: Declared, observed: Observed, intent: StopIntent): Checked<Plan<EngineAction>> {
  const context = startContext(declared, observed)
  const targets = observed.containers.filter((each) => !isOneOff(each) && isChosen(intent.services, each))
  inReverse(context, targets, (container, after) =>
    addStop(context.builder, container, { ...optionsFor(context, container, intent.timeout), after }),
  )
  return { ok: true, value: context.builder.finish(declared.stack.name), warnings: [] }
}

function startContext(declared: Declared, observed: Observed): DownContext {
  const { services, inactive } = declared.stack
  const blind = Object.keys(services).length === 0 && Object.keys(inactive).length === 0
  return { declared, observed, builder: planBuilder(), blind }
}

function unknownServices(stack: Stack, observed: Observed, names: string[]) {
  const running = observed.containers.map((each) => each.labels[COMPOSE.service])
  const known = new Set([...Object.keys(stack.services), ...Object.keys(stack.inactive), ...running])
  const hint = `the stack has ${[...known].sort().join(', ')}`
  return names
    .filter((name) => !known.has(name))
    .map((name) => error('unknown-service', `there is no service "${name}"`, { hint }))
}

function targetsOf({ declared, observed, blind }: DownContext, intent: DownIntent): ContainerSummary[] {
  const orphans = new Set(blind || intent.removeOrphans ? [] : orphansOf(declared.stack, observed.containers))
  return observed.containers.filter((each) => !orphans.has(each) && isChosen(intent.services, each))
}

function isChosen(services: string[], container: ContainerSummary): boolean {
  return services.length === 0 || services.includes(container.labels[COMPOSE.service] ?? '')
}

function optionsFor(
  { declared: { stack } }: DownContext,
  container: ContainerSummary,
  timeout?: number,
): Omit<StopOptions, 'after'> {
  const name = container.labels[COMPOSE.service] ?? ''
  const service = stack.services[name] ?? stack.inactive[name]
  return { cause: 'asked for', ...(service && { service }), ...(timeout !== undefined && { timeout }) }
}

/** Walks dependents first: each container comes after everything that was done to those that need it. */
function inReverse(
  context: DownContext,
  targets: ContainerSummary[],
  act: (container: ContainerSummary, after: StepId[]) => StepId | undefined,
): Map<string, StepId> {
  const done = new Map<string, StepId>()
  const visiting = new Set<string>()
  const byId = [...targets].sort((a, b) => (a.id < b.id ? -1 : 1))
  const visit = (container: ContainerSummary): StepId | undefined => {
    if (done.has(container.id) || visiting.has(container.id)) return done.get(container.id)
    visiting.add(container.id)
    const dependents = byId.filter((each) => each !== container && needs(context, each, container))
    const after = dependents.flatMap((each) => visit(each) ?? [])
    const step = act(container, after)
    if (step) done.set(container.id, step)
    return step
  }
  for (const container of byId) visit(container)
  return done
}

/** By the stack file, else by the label that every container carries: `db:service_healthy:false,…`. */
function needs(
  { declared: { stack, graph } }: DownContext,
  dependent: ContainerSummary,
  needed: ContainerSummary,
): boolean {
  const name = dependent.labels[COMPOSE.service] ?? ''
  const target = needed.labels[COMPOSE.service] ?? ''
  if (name === target) return false
  if (name in stack.services) return graph.needs(name).includes(target)
  const label = dependent.labels[COMPOSE.dependsOn] ?? ''
  return label.split(',').some((each) => each.split(':')[0] === target)
}

function removeNetworks(context: DownContext, targets: ContainerSummary[], removed: Map<string, StepId>): void {
  const { declared, observed, builder } = context
  const ours = observed.networks.filter((each) => each.labels[COMPOSE.project] === declared.stack.name)
  const staying = observed.containers.filter((each) => !targets.includes(each))
  for (const network of ours.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const users = staying.filter((each) => isIn(each, network))
    const key = network.labels[COMPOSE.network] ?? network.name
    if (users.length > 0) {
      const names = users.map((each) => each.name).join(', ')
      builder.note(
        warning('orphans', `network "${network.name}" stays: ${names} still uses it`, {
          hint: '--remove-orphans removes it',
        }),
      )
      continue
    }
    builder.add({
      id: `remove:network/${key}:${network.id.slice(0, 12)}`,
      subject: `network/${key}`,
      verb: 'remove',
      cause: 'asked for',
      after: targets.flatMap((each) => (isIn(each, network) ? (removed.get(each.id) ?? []) : [])),
      action: { kind: 'remove-network', id: network.id, name: network.name },
    })
  }
}

/** Named volumes that are declared, or in a blind `down` labelled; and the anonymous ones that were carried along. Never external ones. */
function removeVolumes(
  context: DownContext,
  intent: DownIntent,
  targets: ContainerSummary[],
  removed: Map<string, StepId>,
): void {
  const { declared, observed, builder, blind } = context
  const { stack } = declared
  const keys = new Map(
    Object.entries(stack.volumes).flatMap(([key, each]) => (each.external ? [] : [[each.name, key] as const])),
  )
  const carried = new Set(targets.flatMap((each) => (each.labels[OURS.carried] ?? '').split(',').filter(Boolean)))
  const ours = observed.volumes.filter(({ name, labels }) => {
    if (carried.has(name)) return true
    if (intent.services.length > 0) return false
    return labels[COMPOSE.project] === stack.name && (blind || keys.has(name))
  })
  for (const volume of ours.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const key = keys.get(volume.name) ?? volume.labels[COMPOSE.volume] ?? volume.name
    builder.add({
      id: `remove:volume/${volume.name}`,
      subject: `volume/${key}`,
      verb: 'remove',
      cause: 'asked for',
      risk: 'data-loss',
      after: targets.flatMap((each) => (mounts(each, volume.name) ? (removed.get(each.id) ?? []) : [])),
      action: { kind: 'remove-volume', name: volume.name },
    })
  }
}

function mounts(container: ContainerSummary, volume: string): boolean {
  return container.mounts.some((mount) => mount.name === volume)
}

function noteOrphans({ declared, observed, builder, blind }: DownContext, intent: DownIntent): void {
  const orphans = blind || intent.removeOrphans ? [] : orphansOf(declared.stack, observed.containers)
  if (orphans.length === 0) return
  const names = orphans.map((each) => each.name).sort()
  const hint = 'they stay as they are; --remove-orphans removes them'
  builder.note(warning('orphans', `not in the stack file any more: ${names.join(', ')}`, { hint }))
}
