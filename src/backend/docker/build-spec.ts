import type { BuildSpec } from '../../docker/port.ts'
import type { Build, Service, Stack } from '../../stack/model.ts'
import { imageName } from '../../stack/names.ts'
import { bytes } from '../../stack/units.ts'
import { splitOnce } from '../../util/text.ts'
import type { BuildChoices } from '../image-intent.ts'
import { cacheEntry, cacheReference, isInline } from './build-cache.ts'
import { COMPOSE, CONVENTIONS, OURS } from './labels.ts'
import { buildDigest } from './stale-image.ts'
import { ulimitsOf } from './ulimits.ts'

/** The labels by which `docker compose` finds a project's images, and our own labels. */
export function imageLabels(project: string, service: string, build: Build): Record<string, string> {
  const theirs = { [COMPOSE.project]: project, [COMPOSE.service]: service, [COMPOSE.version]: CONVENTIONS }
  return { ...theirs, [OURS.build]: buildDigest(build) }
}

/**
 * The build request: every attribute of `build` that Docker's builders support, except additional contexts. Secrets are listed by
 * name only; the builder requests their content during the build.
 */
export function buildSpec(
  stack: Stack,
  name: string,
  service: Service & { build: Build },
): Omit<BuildSpec, 'contexts'> {
  const { build } = service
  const secrets = (build.secrets ?? []).map(({ source, target }) => ({
    id: target ?? source,
    content: `secret/${source}`,
  }))
  const ssh = sshOf(build, stack.origin.workingDir)
  const platform = service.platform || stack.defaultPlatform || build.platforms?.[0]
  const ulimits = ulimitsOf(build.ulimits ?? {})
  return {
    context: build.context,
    dockerfile: build.dockerfile ?? 'Dockerfile',
    tags: [imageName(stack, name, service), ...(build.tags ?? [])],
    args: build.args ?? {},
    labels: { ...build.labels, ...imageLabels(stack.name, name, build) },
    cacheFrom: (build.cache_from ?? []).flatMap((each) => cacheReference(each) ?? []),
    extraHosts: (build.extra_hosts ?? []).map(hostText),
    noCache: build.no_cache ?? false,
    ...(build.no_cache_filter?.length && { noCacheFilter: build.no_cache_filter }),
    ...beyondApi(stack, service),
    pull: build.pull ?? false,
    ...(build.dockerfile_inline !== undefined && { dockerfileInline: build.dockerfile_inline }),
    ...(build.target && { target: build.target }),
    ...(platform && { platform }),
    ...(build.network && { network: build.network }),
    ...(build.shm_size && { shmSize: bytes(build.shm_size) }),
    ...(ulimits.length > 0 && { ulimits }),
    ...(build.isolation && { isolation: build.isolation }),
    ...((build.cache_to ?? []).some(isInline) && { inlineCache: true }),
    ...(secrets.length > 0 && { secrets }),
    ...(ssh.length > 0 && { ssh }),
  }
}

/** What is only requested of BuildKit itself. */
function beyondApi({ defaultPlatform }: Stack, { platform, build }: Service & { build: Build }): Partial<BuildSpec> {
  const { platforms = [], entitlements = [], network } = build
  const cacheTo = (build.cache_to ?? []).filter((each) => !isInline(each)).flatMap(cacheEntry)
  const cacheImports = (build.cache_from ?? []).filter((each) => cacheReference(each) === undefined).flatMap(cacheEntry)
  const privileges = entitlements.filter((each) => each !== 'network.host' || network !== 'host')
  const several = !platform && !defaultPlatform && platforms.length > 1
  return {
    ...(several && { platforms }),
    ...(cacheTo.length > 0 && { cacheTo }),
    ...(cacheImports.length > 0 && { cacheImports }),
    ...(privileges.length > 0 && { entitlements: privileges }),
    ...attestations(build),
  }
}

/** `true` takes the builder's defaults. */
function attestations({ provenance, sbom }: Pick<Build, 'provenance' | 'sbom'>): Partial<BuildSpec> {
  const asked = Object.entries({ provenance, sbom }).filter(([, value]) => isAsked(value))
  const parameters = (value: unknown) => (String(value) === 'true' ? '' : String(value))
  if (asked.length === 0) return {}
  return { attestations: Object.fromEntries(asked.map(([name, value]) => [name, parameters(value)])) }
}

function isAsked(value: unknown): boolean {
  return value !== undefined && !['', 'false'].includes(String(value))
}

type Spec = Omit<BuildSpec, 'contexts'>

/**
 * The request with the command line's options applied. Without options, the image is for a container that starts here: of several
 * platforms, the first is built.
 */
export function withChoices({ platforms, ...spec }: Spec, choices: BuildChoices | undefined, workingDir: string): Spec {
  const { args, repeatable, noCache = spec.noCache, pull = spec.pull, memory, ssh = [] } = choices ?? {}
  const asked = { ...spec.attestations, ...attestations(choices ?? {}).attestations }
  const chosen = sshOf({ ssh }, workingDir)
  const declared = (spec.ssh ?? []).filter(({ id }) => !chosen.some((each) => each.id === id))
  return {
    ...spec,
    noCache,
    pull,
    args: { ...spec.args, ...args, ...(repeatable !== undefined && { SOURCE_DATE_EPOCH: String(repeatable) }) },
    ...(repeatable !== undefined && { repeatable }),
    ...(choices && platforms && { platforms }),
    ...(Object.keys(asked).length > 0 && { attestations: asked }),
    ...(memory !== undefined && { memory }),
    ...(chosen.length > 0 && { ssh: [...declared, ...chosen] }),
  }
}

/** `default`, or `ID=PATH[,PATH]`: private keys, or an agent's socket. */
function sshOf({ ssh = [] }: Pick<Build, 'ssh'>, workingDir: string): NonNullable<BuildSpec['ssh']> {
  const entries = Array.isArray(ssh)
    ? ssh.map((each) => splitOnce(each, '='))
    : Object.entries(ssh).map(([id, path]): [string, string] => [id, path ?? ''])
  return entries.map(([id, paths]) => ({
    id,
    paths: paths
      .split(',')
      .flatMap((path) => (path === '' ? [] : [path.startsWith('/') ? path : `${workingDir}/${path}`])),
  }))
}

/** The builders expect `host:ip`; the canonical form is `host=ip`. */
function hostText(entry: string): string {
  return entry.includes('=') ? entry.replace('=', ':') : entry
}
