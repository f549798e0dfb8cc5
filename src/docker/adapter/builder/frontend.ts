import type { BuildSpec } from '../../port.ts'
import { isRemote } from './remote.ts'
import type { Prepared } from './types.ts'

/**
 * The attributes of BuildKit's Dockerfile frontend, as the engine derives them from POST /build (moby,
 * builder/builder-next/builder.go) and buildx sends them.
 */
export function frontendAttributes({ spec, dockerfile }: Prepared): Record<string, string> {
  const stages = spec.noCacheFilter ?? []
  const platforms = spec.platforms ?? (spec.platform ? [spec.platform] : [])
  return {
    filename: dockerfile?.name ?? spec.dockerfile,
    'image-resolve-mode': spec.pull ? 'pull' : 'default',
    ...(isRemote(spec.context) && { context: spec.context }),
    ...(spec.target && { target: spec.target }),
    ...(platforms.length > 0 && { platform: platforms.join(',') }),
    ...(spec.network && { 'force-network-mode': spec.network }),
    ...(spec.shmSize !== undefined && { 'shm-size': String(spec.shmSize) }),
    ...(spec.cacheFrom.length > 0 && { 'cache-from': spec.cacheFrom.join(',') }),
    ...(spec.extraHosts.length > 0 && { 'add-hosts': spec.extraHosts.map(hostEntry).join(',') }),
    ...(spec.ulimits && { ulimit: spec.ulimits.map(({ Name, Soft, Hard }) => `${Name}=${Soft}:${Hard}`).join(',') }),
    ...(spec.noCache ? { 'no-cache': '' } : stages.length > 0 && { 'no-cache': stages.join(',') }),
    ...(spec.cacheImports && { 'cache-imports': importsText(spec) }),
    ...prefixed('attest', spec.attestations ?? {}),
    ...prefixed('build-arg', spec.args),
    ...prefixed('label', spec.labels),
  }
}

/** All caches, those that are images too. */
function importsText({ cacheFrom, cacheImports = [] }: BuildSpec): string {
  const images = cacheFrom.map((ref) => ({ Type: 'registry', Attrs: { ref } }))
  return JSON.stringify([...images, ...cacheImports.map(({ type, attributes }) => ({ Type: type, Attrs: attributes }))])
}

/** `NAME:ADDRESS` of the engine's API, as `NAME=ADDRESS`. */
function hostEntry(line: string): string {
  return line.replace(/[:=]/, '=')
}

function prefixed(prefix: string, values: Readonly<Record<string, string | null>>): Record<string, string> {
  const known = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null)
  return Object.fromEntries(known.map(([name, value]) => [`${prefix}:${name}`, value]))
}
