import { error, warning } from '../../../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../../../diagnostics/own-command.ts'
import type { StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { imageAddress } from '../../../../stack/address.ts'
import type { Service, Stack } from '../../../../stack/model.ts'
import { imageName } from '../../../../stack/names.ts'
import { refreshPeriod } from '../../../docker/due-images.ts'
import { familiar, isId, mayBeId } from '../../../docker/image-reference.ts'
import { serviceIn } from '../context.ts'
import type { PlannedImage, UpContext } from '../types.ts'
import { planBuild } from './builds.ts'
import { isStrict, refuseBuild } from './locked-images.ts'

/** The image of a service. Plans at most one pull or build for each image. */
export function planImage(context: UpContext, name: string): PlannedImage {
  const service = serviceIn(context, name)
  const reference = imageName(context.declared.stack, name, service)
  const known = context.imageOf(reference)?.id
  const step = stepFor(context, { name, service, reference, there: known !== undefined })
  if (!step) noteStale(context, name, reference)
  if (!step) return known ? { known, id: known } : {}
  const id = { ref: step, field: 'imageId', ...(known && { otherwise: known }) }
  return { step, id, ...(known && { known }) }
}

/** Notes an image that is older than its sources: `up` only builds missing images. */
function noteStale({ observed, builder, declared }: UpContext, name: string, reference: string): void {
  const changed = observed.stale?.[name]
  if (changed === undefined) return
  const at = declared.spanOf(`services.${name}.build`)
  const hint = `${ownCommand(`up --build ${name}`)} rebuilds it`
  builder.note(warning('image-stale', `image ${reference} is older than its sources: ${changed} changed`, { at, hint }))
}

interface NeededImage {
  /** The service that needs it. */
  name: string
  /** Its settings for the image. */
  service: Service
  reference: string
  /** Whether the engine has it. */
  there: boolean
}

function stepFor(context: UpContext, needed: NeededImage): StepId | undefined {
  const { name, service, reference, there } = needed
  const { intent, builder } = context
  const ids = { build: stepIds.build(imageAddress(reference)), pull: stepIds.pull(imageAddress(reference)) }
  if (builder.has(ids.build)) return ids.build
  if (there && intent.locked?.images[reference] !== undefined) return undefined
  const policy = intent.pull ?? service.pull_policy ?? 'missing'
  const maker = makerOf(context, name, reference)
  if (maker && isStrict(context, reference)) return void refuseBuild(context, maker, reference)
  if (maker && (intent.build || policy === 'build' || (!there && !intent.noBuild)))
    return addBuild(context, maker, ids.build, there)
  if (!maker && isById(context, reference)) return undefined
  if (builder.has(ids.pull)) return ids.pull
  if (policy === 'always' && !maker) return addPull(context, needed, 'pull policy is always')
  if (there && context.observed.due?.includes(reference) && !maker && intent.pull === undefined)
    return addPull(context, needed, `pull policy is ${policy}`)
  if (there) return undefined
  if (policy === 'never' || policy === 'build' || maker || isId(reference))
    return void refuse(context, name, reference, policy)
  return addPull(context, needed, 'not on this engine')
}

/** Whether a reference is an id: ids are never pulled, whatever the pull policy. */
function isById(context: UpContext, reference: string): boolean {
  if (!mayBeId(reference)) return false
  const found = context.imageOf(reference)
  return found !== undefined && !found.tags.includes(familiar(reference))
}

/** The pulls of images that a service mounts. */
export function planMountedImages(context: UpContext, name: string): StepId[] {
  const mounts = (serviceIn(context, name).volumes ?? []).filter(({ type }) => type === 'image')
  const references = new Set(mounts.flatMap(({ source }) => source ?? []))
  return [...references].sort().flatMap((reference) => {
    const there = context.imageOf(reference) !== undefined
    return stepFor(context, { name, service: {}, reference, there }) ?? []
  })
}

/** The service whose `build` makes an image: this one, or another selected one with the same image name. */
function makerOf(context: UpContext, name: string, reference: string): string | undefined {
  const service = serviceIn(context, name)
  const isOwn = service.build !== undefined && imageName(context.declared.stack, name, service) === reference
  return isOwn ? name : context.makers.get(reference)
}

/** The first service that builds each image, by reference. */
export function makersIn(stack: Stack, selection: readonly string[]): Map<string, string> {
  const builds = selection.flatMap((name) => {
    const service = stack.services[name]
    return service?.build === undefined ? [] : [[imageName(stack, name, service), name] as const]
  })
  return new Map(builds.reverse())
}

function addPull(
  { builder, declared: { stack } }: UpContext,
  { name, service, reference }: NeededImage,
  cause: string,
): StepId {
  const timed = refreshPeriod(service) !== undefined && !reference.includes('@')
  const platform = service.platform || stack.defaultPlatform
  return builder.add({
    id: stepIds.pull(imageAddress(reference)),
    subject: imageAddress(reference),
    service: name,
    verb: 'pull',
    cause,
    action: {
      kind: 'pull-image',
      reference,
      service: name,
      ...(platform && { platform }),
      ...(timed && { noteTime: true }),
    },
  })
}

function addBuild(context: UpContext, name: string, id: StepId, there: boolean): StepId {
  const service = serviceIn(context, name)
  const reference = imageName(context.declared.stack, name, service)
  const build = planBuild(context, name, (other) => planImage(context, other))
  const cause = there ? 'build requested' : 'not built yet'
  return context.builder.add({
    id,
    subject: imageAddress(reference),
    service: name,
    verb: 'build',
    cause,
    after: build.after,
    action: { kind: 'build-image', service: name, build: build.spec },
  })
}

function refuse(context: UpContext, name: string, reference: string, policy: string): void {
  const at = context.declared.spanOf(`services.${name}.image`) ?? context.declared.spanOf(`services.${name}`)
  const hint = context.intent.noBuild
    ? 'run without --no-build'
    : isId(reference)
      ? 'an image id cannot be pulled: use a tag or digest'
      : `build or pull it first: its pull policy is "${policy}"`
  context.problems.push(
    error('image-unavailable', `image "${reference}" of service "${name}" is not on this engine`, { at, hint }),
  )
}
