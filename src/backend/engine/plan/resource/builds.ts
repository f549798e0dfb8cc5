import { error } from '../../../../diagnostics/diagnostic.ts'
import type { BuildSpec, NamedContext } from '../../../../docker/port.ts'
import type { StepId } from '../../../../plan/step.ts'
import { COMPOSE, CONVENTIONS, OURS } from '../../../../stack/labels.ts'
import type { Build, FileReference, Service } from '../../../../stack/model.ts'
import { imageName } from '../../../../stack/names.ts'
import { bytes } from '../../../../stack/units.ts'
import { cacheReference, isInline } from '../../lower/build-cache.ts'
import { ulimitsOf } from '../../lower/ulimits.ts'
import { buildDigest } from '../../observe/stale-image.ts'
import { serviceIn, type UpContext } from '../context.ts'

export interface PlannedBuild {
  spec: BuildSpec
  /** The steps that get the images of other services that it builds on. */
  after: StepId[]
}

/** Everything of `build` that one of the engine's builders takes; what neither does is said by check/build.ts. */
export function planBuild(
  context: UpContext,
  name: string,
  imageOf: (service: string) => { step?: StepId },
): PlannedBuild {
  const { stack } = context.declared
  const service = serviceIn(context, name)
  const build = service.build ?? { context: '.' }
  const contexts = contextsOf(context, name, build)
  const services = isCircular(context, name) ? [] : servicesIn(build)
  return {
    spec: {
      ...buildSpec(build, service, imageName(stack, name, service), labelsFor(stack.name, name, build)),
      ...borrowed(context, build),
      contexts,
    },
    after: services.flatMap((each) => imageOf(each).step ?? []),
  }
}

/** Those by which `docker compose` finds the images of a project, and our own. */
function labelsFor(project: string, service: string, build: Build): Record<string, string> {
  const theirs = { [COMPOSE.project]: project, [COMPOSE.service]: service, [COMPOSE.version]: CONVENTIONS }
  return { ...theirs, [OURS.build]: buildDigest(build) }
}

function buildSpec(build: Build, service: Service, reference: string, ownLabels: Record<string, string>): BuildSpec {
  const platform = service.platform ?? build.platforms?.[0]
  const ulimits = ulimitsOf(build.ulimits ?? {})
  return {
    context: build.context,
    dockerfile: build.dockerfile ?? 'Dockerfile',
    tags: [reference, ...(build.tags ?? [])],
    args: build.args ?? {},
    labels: { ...build.labels, ...ownLabels },
    cacheFrom: (build.cache_from ?? []).flatMap((each) => cacheReference(each) ?? []),
    extraHosts: (build.extra_hosts ?? []).map(hostText),
    // The engine's API knows no stages: it builds with the cache or without.
    noCache: build.no_cache ?? (build.no_cache_filter ?? []).length > 0,
    pull: build.pull ?? false,
    ...(build.dockerfile_inline !== undefined && { dockerfileInline: build.dockerfile_inline }),
    ...(build.target && { target: build.target }),
    ...(platform && { platform }),
    ...(build.network && { network: build.network }),
    ...(build.shm_size && { shmSize: bytes(build.shm_size) }),
    ...(ulimits.length > 0 && { ulimits }),
    ...(build.isolation && { isolation: build.isolation }),
    ...((build.cache_to ?? []).some(isInline) && { inlineCache: true }),
  }
}

/** Secrets go by their names: what they hold is asked for when it is built. */
function borrowed({ declared }: UpContext, build: Build): Pick<BuildSpec, 'secrets' | 'ssh'> {
  const secrets = (build.secrets ?? []).map(({ source, target }: FileReference) => ({
    id: target ?? source,
    content: `secret/${source}`,
  }))
  const ssh = sshOf(build, declared.stack.origin.workingDir)
  return { ...(secrets.length > 0 && { secrets }), ...(ssh.length > 0 && { ssh }) }
}

/** `default`, or `ID=PATH[,PATH]`: keys, or an agent's socket. */
function sshOf({ ssh = [] }: Build, workingDir: string): NonNullable<BuildSpec['ssh']> {
  const entries = Array.isArray(ssh)
    ? ssh.map((each) => splitOnce(each))
    : Object.entries(ssh).map(([id, path]): [string, string] => [id, path ?? ''])
  return entries.map(([id, paths]) => ({
    id,
    paths: paths
      .split(',')
      .flatMap((path) => (path === '' ? [] : [path.startsWith('/') ? path : `${workingDir}/${path}`])),
  }))
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf('=')
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

/** The builders take `host:ip`; canonical is `host=ip`. */
function hostText(entry: string): string {
  return entry.includes('=') ? entry.replace('=', ':') : entry
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
      `the engine fetches the context of service "${name}" itself, and then knows no additional contexts`,
    )
  return Object.fromEntries(found)
}

/** A context, or why there is none. */
function contextOf(context: UpContext, where: string): NamedContext | string {
  const { stack } = context.declared
  if (where.startsWith(IMAGE)) return { kind: 'image', reference: where.slice(IMAGE.length) }
  if (where.startsWith(SERVICE)) {
    const other = where.slice(SERVICE.length)
    if (!stack.services[other]?.build) return `is service "${other}", which is not built here`
    return { kind: 'image', reference: imageName(stack, other, serviceIn(context, other)) }
  }
  if (where.includes('://') || where.startsWith('git@'))
    return 'is fetched from elsewhere: fetch it first, and name its directory'
  return { kind: 'directory', path: where }
}

function refuse({ declared, problems }: UpContext, path: string, message: string): void {
  problems.push(error('not-supported', message, { at: declared.spanOf(path) }))
}

/** Whether services build on each other in a circle. Told once, for the service that comes upon it. */
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
    error('dependency-cycle', `the image of service "${name}" is built on itself, by way of its contexts`, { at }),
  )
  return true
}
