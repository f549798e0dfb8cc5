import { type Checked, failed } from '../../../../diagnostics/checked.ts'
import { type Diagnostic, warning } from '../../../../diagnostics/diagnostic.ts'
import type { ContainerSummary, NetworkDetail } from '../../../../docker/port.ts'
import { type PlanBuilder, planBuilder } from '../../../../plan/builder.ts'
import type { Plan } from '../../../../plan/plan.ts'
import type { StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { networkAddress } from '../../../../stack/address.ts'
import type { Declared } from '../../../backend.ts'
import { COMPOSE } from '../../../docker/labels.ts'
import type { DownIntent } from '../../../intent.ts'
import { isAlive } from '../../../state.ts'
import type { EngineAction } from '../../action.ts'
import { isIn } from '../../observe/networks.ts'
import type { Observed } from '../../observe/observed.ts'
import { isOneOff } from '../../observe/slots.ts'
import { isHookContainer } from '../container/hooks.ts'
import { dependentsFirst } from '../container/order.ts'
import { addRemove, type StopOptions } from '../container/stop.ts'
import { addProviders } from '../resource/provider.ts'
import { noteElsewhere } from './elsewhere.ts'
import { isBlind, serviceName } from './known.ts'
import { orphanNames, orphansOf } from './orphans.ts'
import { removeImages } from './remove-images.ts'
import { removeCarriedVolumes, removeNamedVolumes } from './remove-volumes.ts'
import { unknownServices } from './unknown-service.ts'

interface DownContext {
  declared: Declared
  observed: Observed
  builder: PlanBuilder<EngineAction>
  /** Whether there is no stack file: then everything with the project's label is removed. */
  blind: boolean
}

/**
 * Removes the project's containers, dependents first, then its networks, and on request its volumes. Without a stack
 * file, labels say what belongs to the project and what depends on what.
 */
export function planDown(declared: Declared, observed: Observed, intent: DownIntent): Checked<Plan<EngineAction>> {
  const unknown = unknownServices(intent.services, knownServices(declared, observed))
  if (unknown.length > 0) return failed(...unknown)
  const context = startContext(declared, observed)
  const targets = targetsOf(context, intent)
  const removed = dependentsFirst(declared, targets, (container, after) =>
    addRemove(context.builder, container, {
      ...optionsFor(context, container, intent.timeout),
      after,
      volumes: intent.volumes,
    }),
  )
  noteElsewhere(context)
  noteRunning(context, targets)
  const { containers } = observed
  addProviders(context.builder, 'down', { stack: declared.stack, containers, services: intent.services, done: removed })
  if (intent.services.length === 0) {
    removeNetworks(context, targets, removed)
    noteOrphans(context, intent)
  }
  if (intent.volumes) removeVolumes(context, intent, targets, removed)
  if (intent.images) removeImages({ ...context, targets, removed }, intent)
  return { ok: true, value: context.builder.finish(declared.stack.name), warnings: [] }
}

function knownServices({ stack }: Declared, { containers }: Observed): string[] {
  return [...Object.keys(stack.services), ...Object.keys(stack.inactive), ...containers.map(serviceName)]
}

function removeVolumes(
  { declared, observed, builder }: DownContext,
  { services }: DownIntent,
  targets: ContainerSummary[],
  removed: Map<string, StepId>,
): void {
  const removal = { stack: declared.stack, observed, builder, targets, removed }
  removeCarriedVolumes(removal)
  if (services.length === 0) removeNamedVolumes(removal)
}

function startContext(declared: Declared, observed: Observed): DownContext {
  return { declared, observed, builder: planBuilder(), blind: isBlind(declared.stack) }
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
  return { cause: 'requested', ...(service && { service }), ...(timeout !== undefined && { timeout }) }
}

function removeNetworks(context: DownContext, targets: ContainerSummary[], removed: Map<string, StepId>): void {
  const { declared, observed, builder } = context
  const ours = observed.networks.filter((each) => each.labels[COMPOSE.project] === declared.stack.name)
  const going = new Set(targets)
  const staying = observed.containers.filter((each) => !going.has(each))
  for (const network of ours.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const users = staying.filter((each) => isIn(each, network))
    const guests = targets.filter((each) => isIn(each, network))
    if (users.length > 0) builder.note(networkKept(network, users))
    else removeNetwork(context, network, { after: guests.flatMap(({ id }) => removed.get(id) ?? []) })
  }
}

function networkKept({ name }: NetworkDetail, users: ContainerSummary[]): Diagnostic {
  const names = users.map((each) => each.name).join(', ')
  const hint = '--remove-orphans removes it'
  return warning('orphans', `network "${name}" is kept: still used by ${names}`, { hint })
}

function removeNetwork({ builder }: DownContext, network: NetworkDetail, { after }: { after: StepId[] }): void {
  const subject = networkAddress(network.labels[COMPOSE.network] ?? network.name)
  builder.add({
    id: stepIds.remove(subject, network.id),
    subject,
    verb: 'remove',
    cause: 'requested',
    after,
    action: { kind: 'remove-network', id: network.id, name: network.name },
  })
}

/** Someone may be working in these containers. */
function noteRunning({ builder }: DownContext, targets: ContainerSummary[]): void {
  const running = targets.filter((each) => isOneOff(each) && !isHookContainer(each) && isAlive(each))
  const names = running.map((each) => each.name).sort()
  const message = `running one-off commands are stopped: ${names.join(', ')}`
  if (names.length > 0) builder.note(warning('one-off-ended', message))
}

function noteOrphans({ declared, observed, builder, blind }: DownContext, intent: DownIntent): void {
  const orphans = blind || intent.removeOrphans ? [] : orphansOf(declared.stack, observed.containers)
  if (orphans.length === 0 || intent.ignoreOrphans) return
  const names = orphanNames(declared.stack, orphans)
  const hint = 'they are kept; --remove-orphans removes them'
  builder.note(warning('orphans', `no longer in the stack file: ${names}`, { hint }))
}
