import { imageLabels } from '../../backend/docker/build-spec.ts'
import type { BuildIntent } from '../../backend/image-intent.ts'
import type { Context } from '../../cli/context.ts'
import type { Build, Service, Stack } from '../../stack/model.ts'
import { imageName } from '../../stack/names.ts'
import { bytes } from '../../stack/units.ts'

/** Prints the builds as a bake file for `docker buildx bake` (https://docs.docker.com/build/bake/reference/). */
export async function printBake(context: Context, intent: BuildIntent): Promise<number> {
  const options = { noDeps: !intent.dependencies, resolveEnvironment: false }
  const { stack, graph } = await context.project.loaded(intent.services, options)
  const named = intent.services.length > 0 ? intent.services : Object.keys(stack.services)
  const wanted = intent.dependencies ? graph.closure(named) : new Set(named)
  const targets = withContexts(stack, [...wanted].filter((name) => stack.services[name]?.build).sort())
  const target = Object.fromEntries(targets.map((name) => [nameOf(name), targetOf(stack, name, intent)]))
  const group = { default: { targets: targets.map(nameOf) } }
  context.print(`${JSON.stringify({ group, target }, null, 2)}\n`)
  return 0
}

/** Bake target names cannot contain dots. */
function nameOf(service: string): string {
  return service.replaceAll('.', '_')
}

/** Adds the services whose images are contexts of other builds. */
function withContexts({ services }: Stack, names: readonly string[]): string[] {
  const all = new Set(names)
  for (const name of all)
    for (const where of Object.values(services[name]?.build?.additional_contexts ?? {}))
      if (where.startsWith('service:')) all.add(where.slice('service:'.length))
  return [...all].sort()
}

function targetOf(stack: Stack, name: string, { choices, push }: BuildIntent): object {
  const service = stack.services[name] ?? {}
  const build = service.build ?? { context: '.' }
  const { args, labels } = build
  const declared = Object.entries(args ?? {}).filter(([, value]) => value !== null)
  return filled({
    ...sourcesOf(build),
    args: { ...Object.fromEntries(declared), ...choices.args },
    labels: { ...labels, ...imageLabels(stack.name, name, build) },
    tags: [...(build.tags ?? []), imageName(stack, name, service)],
    'cache-from': build.cache_from,
    'cache-to': build.cache_to,
    target: build.target,
    secret: secretsOf(stack, build),
    ssh: [...sshOf(build), ...(choices.ssh ?? [])],
    platforms: platformsOf(service, build),
    pull: choices.pull ?? (build.pull || undefined),
    'no-cache': choices.noCache ?? (build.no_cache || undefined),
    'no-cache-filter': build.no_cache_filter,
    network: build.network,
    'shm-size': build.shm_size === undefined ? undefined : String(bytes(build.shm_size)),
    ulimits: ulimitsOf(build),
    entitlements: build.entitlements,
    'extra-hosts': Object.fromEntries((build.extra_hosts ?? []).map((each) => each.split(/[=:](.*)/s).slice(0, 2))),
    attest: [
      ...attestation('provenance', choices.provenance ?? build.provenance),
      ...attestation('sbom', choices.sbom ?? build.sbom),
    ],
    output: [push && service.image !== undefined ? 'type=registry' : 'type=docker'],
  })
}

function sourcesOf({ context, dockerfile = 'Dockerfile', dockerfile_inline, additional_contexts = {} }: Build) {
  const isLocal = context.startsWith('/')
  const path = isLocal && !dockerfile.startsWith('/') ? `${context.replace(/\/$/, '')}/${dockerfile}` : dockerfile
  const contexts = Object.entries(additional_contexts).map(([key, where]) => [
    key,
    where.startsWith('service:') ? `target:${nameOf(where.slice('service:'.length))}` : where,
  ])
  const file = dockerfile_inline === undefined ? { dockerfile: path } : { 'dockerfile-inline': dockerfile_inline }
  return { context, contexts: Object.fromEntries(contexts), ...file }
}

function secretsOf({ secrets }: Stack, { secrets: used = [] }: Build): string[] {
  return used.flatMap(({ source = '', target }) => {
    const { file, environment } = secrets[source] ?? {}
    const id = `id=${target ?? source}`
    if (file !== undefined) return [`${id},type=file,src=${file}`]
    return environment === undefined ? [] : [`${id},type=env,env=${environment}`]
  })
}

function sshOf({ ssh = [] }: Build): string[] {
  if (Array.isArray(ssh)) return ssh
  return Object.entries(ssh).map(([id, path]) => (path ? `${id}=${path}` : id))
}

function platformsOf({ platform }: Service, { platforms }: Build): string[] | undefined {
  return platforms ?? (platform === undefined ? undefined : [platform])
}

/** The attestation as an entry, from `true`, `false`, or details such as `mode=max`. */
function attestation(type: string, wanted: string | boolean | undefined): string[] {
  if (wanted === undefined || wanted === '') return []
  const value = String(wanted)
  if (value === 'true') return [`type=${type}`]
  return [`type=${type},${value === 'false' ? 'disabled=true' : value}`]
}

function ulimitsOf({ ulimits = {} }: Build): string[] {
  return Object.entries(ulimits).map(([name, limit]) =>
    typeof limit === 'object' && limit !== null ? `${name}=${limit.soft}:${limit.hard}` : `${name}=${limit}`,
  )
}

/** Drops empty fields. */
function filled(target: Record<string, unknown>): object {
  const kept = Object.entries(target).filter(
    ([, value]) =>
      value !== undefined && value !== '' && !(typeof value === 'object' && value !== null && isEmpty(value)),
  )
  return Object.fromEntries(kept)
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0
}
