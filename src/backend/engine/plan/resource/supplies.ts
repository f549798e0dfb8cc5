import type { After, StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { imageAddress } from '../../../../stack/address.ts'
import { OURS } from '../../../docker/labels.ts'
import type { EngineAction, Supply } from '../../action.ts'
import type { Slot } from '../../observe/slots.ts'
import { serviceIn } from '../context.ts'
import { addressOf } from '../steps.ts'
import type { PlannedImage, UpContext } from '../types.ts'
import { providerStep } from './provider.ts'

/** The variables that a service gets at execution time: from its providers and models. */
function suppliesOf(context: UpContext, name: string): { supplies: Supply[]; after: After[] } {
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
 * Gathers the variables of a slot's container. The output says whether they, and an image that is pulled or built, are
 * the same as at its creation, which a salted hash in a label records.
 */
export function addGather(context: UpContext, slot: Slot, image: PlannedImage): StepId | undefined {
  const { supplies, after } = suppliesOf(context, slot.service)
  if (supplies.length === 0) return undefined
  const address = addressOf(slot)
  return context.builder.add({
    id: stepIds.gather(address),
    subject: address,
    group: address,
    verb: 'check',
    cause: 'variables of its providers and models',
    after: [...after, ...(image.step ? [{ step: image.step, on: 'success' as const }] : [])],
    action: gatherAction(context, slot, image, supplies),
  })
}

function gatherAction(context: UpContext, slot: Slot, image: PlannedImage, supplies: Supply[]): EngineAction {
  const { current, service, index } = slot
  const recorded = current?.labels[OURS.provided]
  return {
    kind: 'gather-environment',
    service,
    salt: `${context.declared.stack.name}-${service}-${index}`,
    supplies,
    declared: Object.keys(serviceIn(context, service).environment ?? {}),
    ...(recorded !== undefined && { recorded }),
    ...(image.step && image.id && current && { image: image.id, imageId: current.imageId }),
  }
}
