import type { ContainerSummary } from '../../../../docker/port.ts'
import type { PlanBuilder } from '../../../../plan/builder.ts'
import type { After, StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { imageAddress, serviceAddress } from '../../../../stack/address.ts'
import type { Service, Stack } from '../../../../stack/model.ts'
import { COMPOSE, OURS } from '../../../docker/labels.ts'
import type { EngineAction, Supply } from '../../action.ts'
import type { Slot } from '../../observe/slots.ts'
import { afterDependencies, waitersOf } from '../container/readiness.ts'
import { serviceIn } from '../context.ts'
import { addressOf } from '../steps.ts'
import type { Planned, PlannedImage, PlannedReplica, UpContext } from '../types.ts'

/**
 * A service that an external program provides: the program is run by every `up`, since only it knows whether there is anything to do
 * (docs/extension.md of docker/compose). It stands for a replica that has no container.
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
    action: providerAction(declared.stack, name, service, 'up', waitersOf(context, name)),
  })
  return {
    slot: { service: name, index: 1, name, leaving: [] },
    container: '',
    started: [step],
    settled: [step],
    replaced: false,
  }
}

function providerStep(name: string): StepId {
  return stepIds.provide(serviceAddress(name))
}

export function providerAction(
  stack: Stack,
  name: string,
  service: Service,
  command: 'up' | 'down' | 'stop',
  waiting: string[] = [],
): EngineAction {
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

/**
 * Takes down, or stops, what programs provide, after the containers that depend on it.
 * @param services empty: all of them
 * @param done the step that did the same to each container, by its id
 */
export function addProviders(
  builder: PlanBuilder<EngineAction>,
  { stack, containers }: { stack: Stack; containers: readonly ContainerSummary[] },
  command: 'down' | 'stop',
  services: readonly string[],
  done: ReadonlyMap<string, StepId>,
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
      cause: 'asked for',
      after: containers.flatMap((each) => (needs(each, name) ? (done.get(each.id) ?? []) : [])),
      action: providerAction(stack, name, service, command),
    })
  }
}

/** What a service is told by others while the plan is carried out: by the providers that it depends on, and by its models. */
export function suppliesOf(context: UpContext, name: string): { supplies: Supply[]; after: After[] } {
  const service = serviceIn(context, name)
  const providers = Object.entries(service.depends_on ?? {}).flatMap(([of, { required }]) =>
    context.builder.has(providerStep(of)) ? [{ supply: { step: providerStep(of) }, required }] : [],
  )
  const models = Object.entries(service.models ?? {}).map(([key, names]) => ({
    supply: { step: planModel(context, key, name), names: variablesOf(key, names) },
    required: true,
  }))
  const all = [...providers, ...models]
  return {
    supplies: all.map(({ supply }) => supply),
    after: all.map(({ supply, required }) => ({ step: supply.step, on: required ? 'success' : 'settled' })),
  }
}

/** `NAME_MODEL` and `NAME_URL` unless the service says otherwise (Compose Specification, `models`). */
function variablesOf(key: string, names: { endpoint_var?: string; model_var?: string } | null): Record<string, string> {
  const prefix = key.toUpperCase().replaceAll('-', '_')
  return { model: names?.model_var ?? `${prefix}_MODEL`, endpoint: names?.endpoint_var ?? `${prefix}_URL` }
}

function planModel(context: UpContext, key: string, service: string): StepId {
  const { builder, declared } = context
  const id = stepIds.model(key)
  if (builder.has(id)) return id
  const { model = key, context_size, runtime_flags = [] } = declared.stack.models?.[key] ?? {}
  return builder.add({
    id,
    subject: imageAddress(model),
    verb: 'pull',
    cause: `the model "${key}"`,
    action: {
      kind: 'prepare-model',
      service,
      model,
      flags: runtime_flags,
      ...(context_size !== undefined && { contextSize: context_size }),
    },
  })
}

/**
 * What the container of a slot is told, put together; its output says whether that, and the image where it is still to be got, are
 * what the container was made with. A salted hash among its labels remembers.
 */
export function addGather(context: UpContext, slot: Slot, image: PlannedImage): StepId | undefined {
  const { supplies, after } = suppliesOf(context, slot.service)
  if (supplies.length === 0) return undefined
  const { current, service } = slot
  const recorded = current?.labels[OURS.provided]
  const address = addressOf(slot)
  return context.builder.add({
    id: stepIds.gather(address),
    subject: address,
    group: address,
    verb: 'check',
    cause: 'what it is told by what it depends on',
    after: [...after, ...(image.step ? [{ step: image.step, on: 'success' as const }] : [])],
    action: {
      kind: 'gather-environment',
      service,
      salt: `${context.declared.stack.name}-${service}-${slot.index}`,
      supplies,
      declared: Object.keys(serviceIn(context, service).environment ?? {}),
      ...(recorded !== undefined && { recorded }),
      ...(image.step && image.id && current && { image: image.id, imageId: current.imageId }),
    },
  })
}
