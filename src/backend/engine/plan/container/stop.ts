import type { ContainerSummary } from '../../../../docker/port.ts'
import type { PlanBuilder } from '../../../../plan/builder.ts'
import type { StepId } from '../../../../plan/step.ts'
import { stepIds, stopBefore } from '../../../../plan/step-id.ts'
import { type Address, containerAddress, oneOffAddress, orphanAddress } from '../../../../stack/address.ts'
import type { Service } from '../../../../stack/model.ts'
import { milliseconds } from '../../../../stack/units.ts'
import { COMPOSE } from '../../../docker/labels.ts'
import { isAlive, isBeingRemoved, isDead, isRunning } from '../../../state.ts'
import type { EngineAction } from '../../action.ts'
import { addPreStop } from './hooks.ts'

/** The grace period in whole seconds: the user's (in milliseconds), else the declared one, else the container's. */
function graceOf(timeout: number | undefined, service: Service | undefined): { grace?: number } {
  if (timeout !== undefined) return { grace: Math.ceil(timeout / 1000) }
  const declared = service?.stop_grace_period
  return declared === undefined ? {} : { grace: Math.ceil(milliseconds(declared) / 1000) }
}

export function stopAction(container: string, timeout: number | undefined, service: Service | undefined): EngineAction {
  return { kind: 'stop-container', container, ...graceOf(timeout, service) }
}

export interface StopOptions {
  cause: string
  after: StepId[]
  service?: Service
  timeout?: number
}

/** Stops a container that may be running. */
export function addStop(
  builder: PlanBuilder<EngineAction>,
  container: ContainerSummary,
  options: StopOptions,
): StepId | undefined {
  if (!isAlive(container)) return undefined
  const address = addressOfContainer(container)
  const id = stepIds.stop(address, container.id)
  const name = container.labels[COMPOSE.service] ?? ''
  const stopping = { id, service: name, container: container.id, after: options.after, timeout: options.timeout }
  const add = (step: Omit<Parameters<typeof builder.add>[0], 'subject'>) => builder.add({ subject: address, ...step })
  const hooks = isRunning(container) ? addPreStop(add, options.service, stopping) : []
  return builder.add({
    id,
    subject: address,
    verb: 'stop',
    cause: options.cause,
    after: [...options.after, ...hooks],
    action: stopAction(container.id, options.timeout, options.service),
  })
}

/**
 * Stops and removes a container; returns the id of the removal. If the engine is already removing it, the step only
 * waits.
 */
export function addRemove(
  builder: PlanBuilder<EngineAction>,
  container: ContainerSummary,
  options: StopOptions & { volumes: boolean },
): StepId {
  const address = addressOfContainer(container)
  const common = { subject: address, verb: 'remove' as const, cause: options.cause }
  const id = stepIds.remove(address, container.id)
  if (isBeingRemoved(container)) {
    return builder.add({ id, ...common, after: options.after, action: { kind: 'wait-gone', container: container.id } })
  }
  const stopped = addStop(builder, container, {
    ...options,
    after: options.after.map((each) => stopWithin(builder, each)),
  })
  const { volumes } = options
  const action = {
    kind: 'remove-container',
    container: container.id,
    volumes,
    force: isDead(container),
  } as const
  return builder.add({ id, ...common, after: [...options.after, ...(stopped ? [stopped] : [])], action })
}

/** A stopped container no longer needs its dependencies: their stops do not wait for its removal. */
function stopWithin(builder: PlanBuilder<EngineAction>, removal: StepId): StepId {
  const stop = stopBefore(removal)
  return builder.has(stop) ? stop : removal
}

/** The address of a container by its labels; one-off containers and those without labels have addresses by name. */
export function addressOfContainer(container: ContainerSummary): Address {
  if (COMPOSE.slug in container.labels) return oneOffAddress(container.name)
  const service = container.labels[COMPOSE.service]
  const number = Number(container.labels[COMPOSE.number])
  return service && Number.isInteger(number) && number > 0
    ? containerAddress(service, number)
    : orphanAddress(container.name)
}
