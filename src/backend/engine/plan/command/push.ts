import type { Checked } from '../../../../diagnostics/checked.ts'
import { type PlanBuilder, planBuilder } from '../../../../plan/builder.ts'
import type { Plan } from '../../../../plan/plan.ts'
import type { After, StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { imageAddress } from '../../../../stack/address.ts'
import type { Declared } from '../../../backend.ts'
import type { PushIntent } from '../../../image-intent.ts'
import type { EngineAction } from '../../action.ts'
import type { Observed } from '../../observe/observed.ts'
import { chosenServices } from './chosen-services.ts'

/** Plans the pushes of the images that services build under a name of the user's, with their further tags. Pure. */
export function planPush(declared: Declared, _: Observed, intent: PushIntent): Checked<Plan<EngineAction>> {
  const chosen = chosenServices(declared, intent)
  if (!chosen.ok) return chosen
  const builder = planBuilder<EngineAction>()
  for (const service of chosen.value) addPushes(builder, declared, { service, optional: intent.ignoreFailures })
  return { ok: true, value: builder.finish(declared.stack.name), warnings: [] }
}

export interface Pushed {
  service: string
  /** A failure is only a warning. */
  optional?: boolean
  /** The build of the image. */
  after?: StepId
}

/**
 * Only images with a name in the stack file are pushed: others belong to no registry. An image's further tags are pushed one after
 * the other, since registries reject concurrent uploads of the same layers.
 */
export function addPushes(
  builder: PlanBuilder<EngineAction>,
  { stack }: Declared,
  { service, optional = false, after: built }: Pushed,
): void {
  const { build, image } = stack.services[service] ?? {}
  if (build === undefined || image === undefined) return
  let after: After[] = built === undefined ? [] : [{ step: built, on: 'success' }]
  for (const reference of [image, ...(build.tags ?? [])]) {
    const id = stepIds.push(imageAddress(reference))
    if (builder.has(id)) continue
    const subject = imageAddress(reference)
    const action = { kind: 'push-image', reference, service } as const
    builder.add({
      id,
      subject,
      service,
      verb: 'push',
      cause: 'requested',
      after,
      ...(optional && { optional }),
      action,
    })
    after = [...after, { step: id, on: 'settled' }]
  }
}
