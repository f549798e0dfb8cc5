import type { ContainerSummary } from '../../../../docker/port.ts'
import type { PlanBuilder } from '../../../../plan/builder.ts'
import type { StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { serviceAddress } from '../../../../stack/address.ts'
import type { Stack } from '../../../../stack/model.ts'
import { COMPOSE } from '../../../docker/labels.ts'
import type { EngineAction } from '../../action.ts'
import { afterDependencies, waitersOf } from '../container/readiness.ts'
import { serviceIn } from '../context.ts'
import type { Planned, PlannedReplica, UpContext } from '../types.ts'

/**
 * Runs the external program of a service with a `provider`: at every `up`, since only the program knows whether there
 * is anything to do (docs/extension.md of docker/compose). The result is a replica without a container.
 */
export function planProvider(context: UpContext, name: string, planned: Planned): PlannedReplica {
  const { declared, builder } = context
  const service = serviceIn(context, name)
  const step = builder.add({
    id: providerStep(name),
    subject: serviceAddress(name),
    verb: 'start',
    cause: `provided by ${service.provider?.type}`,
    after: afterDependencies(context, name, planned),
    action: providerAction(declared.stack, name, 'up', waitersOf(context, name)),
  })
  return {
    slot: { service: name, index: 1, name, leaving: [] },
    container: '',
    started: [step],
    settled: [step],
    replaced: false,
  }
}

/** The id of the step that runs the program. */
export function providerStep(name: string): StepId {
  return stepIds.provide(serviceAddress(name))
}

function providerAction(
  stack: Stack,
  name: string,
  command: 'up' | 'down' | 'stop',
  waiting: string[] = [],
): EngineAction {
  const service = stack.services[name] ?? stack.inactive[name] ?? {}
  const { type = '', options = {} } = service.provider ?? {}
  const texts = Object.entries(options).map(([key, value]) => [key, [value].flat().map(String)] as const)
  return {
    kind: 'run-provider',
    service: name,
    project: stack.name,
    type,
    command,
    options: Object.fromEntries(texts),
    config: service,
    waiting,
  }
}

interface Ending {
  stack: Stack
  containers: readonly ContainerSummary[]
  /** Empty: all of them. */
  services: readonly string[]
  /** The stop or removal of each container, by container id. */
  done: ReadonlyMap<string, StepId>
}

/** Runs the programs of providers with `down` or `stop`, after the containers that depend on them. */
export function addProviders(
  builder: PlanBuilder<EngineAction>,
  command: 'down' | 'stop',
  { stack, containers, services, done }: Ending,
): void {
  const all = { ...stack.inactive, ...stack.services }
  const needs = ({ labels }: ContainerSummary, name: string) =>
    name in (all[labels[COMPOSE.service] ?? '']?.depends_on ?? {})
  for (const [name, service] of Object.entries(all)) {
    if (!service.provider || (services.length > 0 && !services.includes(name))) continue
    builder.add({
      id: stepIds[command](serviceAddress(name)),
      subject: serviceAddress(name),
      verb: command === 'down' ? 'remove' : 'stop',
      cause: 'requested',
      after: containers.flatMap((each) => (needs(each, name) ? (done.get(each.id) ?? []) : [])),
      action: providerAction(stack, name, command),
    })
  }
}
