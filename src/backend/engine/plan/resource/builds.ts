import { error } from '../../../../diagnostics/diagnostic.ts'
import type { BuildSpec, NamedContext } from '../../../../docker/port.ts'
import type { StepId } from '../../../../plan/step.ts'
import type { Build, Service } from '../../../../stack/model.ts'
import { imageName } from '../../../../stack/names.ts'
import { buildSpec, withChoices } from '../../../docker/build-spec.ts'
import { serviceIn } from '../context.ts'
import type { UpContext } from '../types.ts'

export interface PlannedBuild {
  spec: BuildSpec
  /** The steps for images of other services that the build uses. */
  after: StepId[]
}

/**
 * Translates all attributes of `build` that one of the engine's builders supports; check/build.ts reports the others.
 */
export function planBuild(
  context: UpContext,
  name: string,
  imageOf: (service: string) => { step?: StepId },
): PlannedBuild {
  const { stack } = context.declared
  const service = serviceIn(context, name)
  const build = service.build ?? { context: '.' }
  checkPlatform(context, name, service)
  const contexts = contextsOf(context, name, build)
  const services = isCircular(context, name) ? [] : servicesIn(build)
  return {
    spec: {
      ...withChoices(buildSpec(stack, name, { ...service, build }), context.choices, stack.origin.workingDir),
      contexts,
    },
    after: services.flatMap((each) => imageOf(each).step ?? []),
  }
}

const SERVICE = 'service:'
const IMAGE = 'docker-image://'

function servicesIn({ additional_contexts = {} }: Build): string[] {
  return Object.values(additional_contexts).flatMap((each) =>
    each.startsWith(SERVICE) ? [each.slice(SERVICE.length)] : [],
  )
}

function contextsOf(context: UpContext, name: string, build: Build): Record<string, NamedContext> {
  const found = Object.entries(build.additional_contexts ?? {}).flatMap(([key, where]) => {
    const named = contextOf(context, where)
    if (typeof named !== 'string') return [[key, named] as const]
    refuse(
      context,
      `services.${name}.build.additional_contexts.${key}`,
      `the context "${key}" of service "${name}" ${named}`,
    )
    return []
  })
  if (found.length > 0 && /^(\w+:\/\/|git@|github\.com\/)/.test(build.context))
    refuse(
      context,
      `services.${name}.build.additional_contexts`,
      `the engine fetches the context of service "${name}" itself, and then supports no additional contexts`,
    )
  return Object.fromEntries(found)
}

/** A context, or the reason why it is invalid. */
function contextOf(context: UpContext, where: string): NamedContext | string {
  const { stack } = context.declared
  if (where.startsWith(IMAGE)) return { kind: 'image', reference: where.slice(IMAGE.length) }
  if (where.startsWith(SERVICE)) {
    const other = where.slice(SERVICE.length)
    if (!stack.services[other]?.build) return `is service "${other}", which has no build`
    return { kind: 'image', reference: imageName(stack, other, serviceIn(context, other)) }
  }
  if (where.includes('://') || where.startsWith('git@')) return 'is remote: fetch it first, and use its directory'
  return { kind: 'directory', path: where }
}

/** Loading has checked the service's own platform; the default platform for all services may be one that the build does not declare. */
function checkPlatform({ declared, problems }: UpContext, name: string, { platform, build }: Service): void {
  const { defaultPlatform } = declared.stack
  const platforms = build?.platforms ?? []
  if (platform || !defaultPlatform || platforms.length === 0 || platforms.includes(defaultPlatform)) return
  const at = declared.spanOf(`services.${name}.build.platforms`)
  const message = `service "${name}" is not built for ${defaultPlatform}, which DOCKER_DEFAULT_PLATFORM asks for`
  problems.push(error('conflicting-keys', message, { at, hint: 'add it to build.platforms' }))
}

function refuse({ declared, problems }: UpContext, path: string, message: string): void {
  problems.push(error('not-supported', message, { at: declared.spanOf(path) }))
}

/** Whether services build on each other in a cycle. Reported once, for the first service found. */
function isCircular(context: UpContext, name: string): boolean {
  const { services } = context.declared.stack
  const reached = new Set<string>()
  const open = servicesIn(services[name]?.build ?? { context: '' })
  for (let each = open.shift(); each !== undefined; each = open.shift()) {
    if (reached.has(each)) continue
    reached.add(each)
    open.push(...servicesIn(services[each]?.build ?? { context: '' }))
  }
  if (!reached.has(name)) return false
  const at = context.declared.spanOf(`services.${name}.build.additional_contexts`)
  context.problems.push(
    error('dependency-cycle', `the image of service "${name}" depends on itself through its contexts`, { at }),
  )
  return true
}
