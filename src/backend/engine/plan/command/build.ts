import { type Checked, failed } from '../../../../diagnostics/checked.ts'
import { isError } from '../../../../diagnostics/diagnostic.ts'
import type { Plan } from '../../../../plan/plan.ts'
import type { Declared } from '../../../backend.ts'
import type { BuildIntent } from '../../../image-intent.ts'
import { UP } from '../../../intent.ts'
import type { EngineAction } from '../../action.ts'
import type { Observed } from '../../observe/observed.ts'
import { planImage } from '../resource/images.ts'
import type { UpContext } from '../types.ts'
import { chosenServices } from './chosen-services.ts'
import { addPushes } from './push.ts'
import { startContext } from './up.ts'

/** Plans the builds of the services that have one, after the builds whose images they use. Pure. */
export function planBuildImages(
  declared: Declared,
  observed: Observed,
  intent: BuildIntent,
): Checked<Plan<EngineAction>> {
  const chosen = chosenServices(declared, intent)
  if (!chosen.ok) return chosen
  const selection = chosen.value.filter((name) => declared.stack.services[name]?.build !== undefined)
  const up = { ...UP, services: selection, build: true }
  const context = { ...startContext(declared, observed, up, selection), choices: intent.choices }
  for (const name of selection) planOne(context, name, intent.push)
  if (context.problems.some(isError)) return failed(...context.problems)
  return { ok: true, value: context.builder.finish(declared.stack.name), warnings: context.problems }
}

function planOne(context: UpContext, service: string, push: boolean): void {
  const { step } = planImage(context, service)
  if (push && step !== undefined) addPushes(context.builder, context.declared, { service, after: step })
}
