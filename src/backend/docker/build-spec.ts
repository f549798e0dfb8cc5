import type { BuildSpec } from '../../docker/port.ts'
import type { Build, Service, Stack } from '../../stack/model.ts'
import { imageName } from '../../stack/names.ts'
import { bytes } from '../../stack/units.ts'
import { splitOnce } from '../../util/text.ts'
import type { BuildChoices } from '../image-intent.ts'
import { cacheReference, isInline } from './build-cache.ts'
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
    // The engine's API cannot disable the cache for single stages, only for the whole build.
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
    ...(secrets.length > 0 && { secrets }),
    ...(ssh.length > 0 && { ssh }),
  }
}

type Spec = Omit<BuildSpec, 'contexts'>

/** The request with the command line's options applied. */
export function withChoices(spec: Spec, choices: BuildChoices = {}, workingDir: string): Spec {
  const { args, noCache = spec.noCache, pull = spec.pull, memory, ssh = [] } = choices
  const chosen = sshOf({ ssh }, workingDir)
  const declared = (spec.ssh ?? []).filter(({ id }) => !chosen.some((each) => each.id === id))
  return {
    ...spec,
    noCache,
    pull,
    args: { ...spec.args, ...args },
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
