import { error } from '../../../diagnostics/diagnostic.ts'
import type { BuildSpec } from '../../../docker/port.ts'
import type { StepId } from '../../../plan/step.ts'
import type { Build, Service } from '../../../stack/model.ts'
import { imageName } from '../../../stack/names.ts'
import { bytes } from '../../../stack/units.ts'
import type { Id } from '../action.ts'
import { findImage } from '../image-reference.ts'
import { serviceIn, type UpContext } from './context.ts'

/** The image that a service will run. */
export interface PlannedImage {
  /** The id that it has now, if it is there. */
  known?: string
  /** The step that gets it, if one is planned. */
  step?: StepId
  /** The id that it will have. */
  id?: Id
}

/** Plans at most one pull or build for each image, and tells what a service will run. */
export function planImage(context: UpContext, name: string): PlannedImage {
  const service = serviceIn(context, name)
  const reference = imageName(context.declared.stack, name, service)
  const known = findImage(context.observed.images, reference)?.id
  const step = stepFor(context, name, service, reference, known !== undefined)
  if (!step) return known ? { known, id: known } : {}
  const id = { ref: step, field: 'imageId', ...(known && { otherwise: known }) }
  return { step, id, ...(known && { known }) }
}

function stepFor(
  context: UpContext,
  name: string,
  service: Service,
  reference: string,
  there: boolean,
): StepId | undefined {
  const { intent, builder } = context
  const ids = { build: `build:image/${reference}`, pull: `pull:image/${reference}` }
  if (builder.has(ids.build)) return ids.build
  const policy = intent.pull ?? service.pull_policy ?? 'missing'
  const maker = builderOf(context, name, reference)
  if (maker && (intent.build || policy === 'build' || (!there && !intent.noBuild)))
    return addBuild(context, maker, ids.build, there)
  if (builder.has(ids.pull)) return ids.pull
  if (policy === 'always' && !maker)
    return addPull(context, name, service, reference, ids.pull, 'pull policy is always')
  if (there) return undefined
  if (policy === 'never' || policy === 'build' || maker) return void refuse(context, name, reference, policy)
  return addPull(context, name, service, reference, ids.pull, 'not on this engine yet')
}

/** The service whose `build` makes an image: this one, or another of the selection that names the same image. */
function builderOf(context: UpContext, name: string, reference: string): string | undefined {
  const { stack } = context.declared
  const makes = (each: string) =>
    stack.services[each]?.build !== undefined && imageName(stack, each, serviceIn(context, each)) === reference
  return makes(name) ? name : context.selection.find(makes)
}

function addPull(
  context: UpContext,
  name: string,
  service: Service,
  reference: string,
  id: StepId,
  cause: string,
): StepId {
  const platform = service.platform ? { platform: service.platform } : {}
  return context.builder.add({
    id,
    subject: `image/${reference}`,
    verb: 'pull',
    cause,
    action: { kind: 'pull-image', reference, service: name, ...platform },
  })
}

function addBuild(context: UpContext, name: string, id: StepId, there: boolean): StepId {
  const service = serviceIn(context, name)
  const reference = imageName(context.declared.stack, name, service)
  const build = buildSpec(service.build ?? { context: '.' }, service, reference)
  const cause = there ? 'a build was asked for' : 'not built yet'
  return context.builder.add({
    id,
    subject: `image/${reference}`,
    verb: 'build',
    cause,
    action: { kind: 'build-image', service: name, build },
  })
}

function refuse(context: UpContext, name: string, reference: string, policy: string): void {
  const at = context.declared.spanOf(`services.${name}.image`) ?? context.declared.spanOf(`services.${name}`)
  const hint = context.intent.noBuild
    ? 'leave out --no-build'
    : `build or pull it first: its pull policy is "${policy}"`
  context.problems.push(
    error('image-unavailable', `image "${reference}" of service "${name}" is not on this engine`, { at, hint }),
  )
}

function buildSpec(build: Build, service: Service, reference: string): BuildSpec {
  const platform = service.platform ?? build.platforms?.[0]
  return {
    context: build.context,
    dockerfile: build.dockerfile ?? 'Dockerfile',
    tags: [reference, ...(build.tags ?? [])],
    args: build.args ?? {},
    labels: build.labels ?? {},
    cacheFrom: build.cache_from ?? [],
    extraHosts: build.extra_hosts ?? [],
    noCache: build.no_cache ?? false,
    pull: build.pull ?? false,
    ...(build.dockerfile_inline !== undefined && { dockerfileInline: build.dockerfile_inline }),
    ...(build.target && { target: build.target }),
    ...(platform && { platform }),
    ...(build.network && { network: build.network }),
    ...(build.shm_size && { shmSize: bytes(build.shm_size) }),
  }
}
