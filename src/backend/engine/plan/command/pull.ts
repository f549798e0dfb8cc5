import type { Checked } from '../../../../diagnostics/checked.ts'
import { type PlanBuilder, planBuilder } from '../../../../plan/builder.ts'
import type { Plan } from '../../../../plan/plan.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { imageAddress } from '../../../../stack/address.ts'
import type { Service, Stack } from '../../../../stack/model.ts'
import type { Declared } from '../../../backend.ts'
import { refreshPeriod } from '../../../docker/due-images.ts'
import { familiar, imageFinder, isId, mayBeId } from '../../../docker/image-reference.ts'
import type { PullIntent } from '../../../image-intent.ts'
import type { EngineAction } from '../../action.ts'
import type { Observed } from '../../observe/observed.ts'
import { chosenServices } from './chosen-services.ts'

interface PullContext {
  declared: Declared
  observed: Observed
  intent: PullIntent
  builder: PlanBuilder<EngineAction>
  imageOf: ReturnType<typeof imageFinder>
}

/** An image that a service uses. */
interface Used {
  service: string
  reference: string
  policy: string | undefined
  platform: string | undefined
  /** Whether the service itself builds it. */
  isBuilt: boolean
  /** A service whose `build` makes it too. */
  maker?: string
}

/** Plans the pulls of the images that services run, mount and prepare themselves with. Pure. */
export function planPull(declared: Declared, observed: Observed, intent: PullIntent): Checked<Plan<EngineAction>> {
  const chosen = chosenServices(declared, intent)
  if (!chosen.ok) return chosen
  const builder = planBuilder<EngineAction>()
  const context = { declared, observed, intent, builder, imageOf: imageFinder(observed.images) }
  for (const name of chosen.value) for (const used of usedBy(context, name)) addPull(context, used)
  return { ok: true, value: builder.finish(declared.stack.name), warnings: [] }
}

function usedBy({ declared: { stack }, intent }: PullContext, name: string): Used[] {
  const service = stack.services[name] ?? {}
  if (service.provider) return []
  const policy = intent.policy ?? service.pull_policy
  const platform = service.platform || stack.defaultPlatform
  const own = service.image === undefined ? [] : [{ reference: service.image, policy, platform }]
  // The policy "build" applies to the service's own image only.
  const beside = policy === 'build' ? 'missing' : policy
  const others = besideImages(service).map((reference) => ({
    reference,
    policy: beside,
    platform: stack.defaultPlatform,
  }))
  return [...own, ...others].map((each) => ({
    service: name,
    ...each,
    isBuilt: service.build !== undefined && each.reference === service.image,
    ...makerIn(stack, each.reference),
  }))
}

function besideImages({ volumes = [], pre_start = [] }: Service): string[] {
  const mounted = volumes.flatMap(({ type, source }) => (type === 'image' && source !== undefined ? [source] : []))
  return [...mounted, ...pre_start.flatMap(({ image }) => image ?? [])]
}

function makerIn({ services }: Stack, reference: string): { maker?: string } {
  const found = Object.entries(services).find(([, { build, image }]) => build !== undefined && image === reference)
  return found ? { maker: found[0] } : {}
}

function addPull(context: PullContext, used: Used): void {
  const { builder, intent } = context
  const { reference, service, platform, maker, isBuilt } = used
  const id = stepIds.pull(imageAddress(reference))
  const cause = causeOf(context, used)
  if (cause === undefined || builder.has(id) || (isBuilt && intent.ignoreBuildable)) return
  const timed = refreshPeriod(context.declared.stack.services[service] ?? {}) !== undefined && !reference.includes('@')
  builder.add({
    id,
    subject: imageAddress(reference),
    service,
    verb: 'pull',
    cause,
    ...(intent.ignoreFailures && { optional: true }),
    action: {
      kind: 'pull-image',
      reference,
      service,
      ...(platform && { platform }),
      ...(timed && { noteTime: true }),
      ...(maker !== undefined && { maker }),
    },
  })
}

/** Why an image is pulled; undefined if it is not. Policies count as for `up`, but without one every image is pulled. */
function causeOf({ observed, imageOf }: PullContext, { reference, policy }: Used): string | undefined {
  if (policy === 'never' || policy === 'build' || isId(reference)) return undefined
  const found = imageOf(reference)
  if (!found) return 'not on this engine'
  if (mayBeId(reference) && !found.tags.includes(familiar(reference))) return undefined
  if (policy === undefined) return 'requested'
  if (policy === 'always') return 'pull policy is always'
  const isTimed = policy !== 'missing' && policy !== 'if_not_present'
  return isTimed && observed.due?.includes(reference) ? `pull policy is ${policy}` : undefined
}
