import type { BuildOptions, BuildSpec } from '../../port.ts'
import type { Link } from '../http/link.ts'
import { ping } from '../system.ts'
import { needsBuildKit } from './dockerfile.ts'
import { hasFolder } from './remote.ts'

export interface BuilderFacts {
  buildkit: boolean
  /** `1.41` is 141. */
  api: number
}

/** The docker command line decides the same way: every Linux engine from API 1.39 on has BuildKit, whatever its default builder is. */
export async function offersBuildKit(link: Link, signal: AbortSignal): Promise<BuilderFacts> {
  const headers = await ping(link, signal)
  const { 'builder-version': builder, ostype, 'api-version': version = '' } = headers
  const [major = 0, minor = 0] = String(version).split('.').map(Number)
  const isPodman = 'libpod-api-version' in headers
  const api = major * 100 + minor
  return { buildkit: builder === '2' || (ostype === 'linux' && !isPodman && api >= 139), api }
}

/**
 * Picks BuildKit where it is available, except for features that only the classic builder has. Combinations that neither supports
 * are reported by name.
 * @param text the Dockerfile's text, if available
 */
export function pickBuilder(
  spec: BuildSpec,
  text: string | undefined,
  { buildkit, api }: BuilderFacts,
  { onIgnored }: BuildOptions,
): 'buildkit' | 'classic' {
  const [modern, old] = [onlyBuildKit(spec), onlyClassic(spec, api)]
  if (!buildkit) {
    for (const what of modern) onIgnored?.(what, 'this engine has no BuildKit')
    return 'classic'
  }
  if (old.length === 0) return 'buildkit'
  if (modern.length === 0 && !needsBuildKit(text ?? '')) return 'classic'
  for (const what of old)
    onIgnored?.(what, 'the BuildKit of this engine does not support it, and the build needs BuildKit')
  return 'buildkit'
}

function onlyBuildKit(spec: BuildSpec): string[] {
  const { secrets = [], ssh = [], inlineCache, noCacheFilter = [], platforms = [], cacheTo = [] } = spec
  return [
    ...(platforms.length > 0 ? ['platforms'] : []),
    ...Object.keys(spec.attestations ?? {}),
    ...((spec.entitlements ?? []).length > 0 ? ['entitlements'] : []),
    ...((spec.cacheImports ?? []).length > 0 ? ['cache_from'] : []),
    ...(secrets.length > 0 ? ['secrets'] : []),
    ...(ssh.length > 0 ? ['ssh'] : []),
    ...(inlineCache || cacheTo.length > 0 ? ['cache_to'] : []),
    ...(noCacheFilter.length > 0 ? ['no_cache_filter'] : []),
  ]
}

/**
 * Before API 1.42, an engine's BuildKit supports neither limits, nor sizes, nor a subfolder of a repository. No engine's BuildKit
 * supports a network by name, an isolation mode, or a memory limit.
 */
function onlyClassic(spec: BuildSpec, api: number): string[] {
  const { network = 'default', shmSize, ulimits = [], isolation = 'default', memory } = spec
  const named = !['', 'default', 'none', 'host'].includes(network)
  const old = api < 142
  return [
    ...(named ? ['network'] : []),
    ...(isolation !== 'default' && isolation !== '' ? ['isolation'] : []),
    ...(memory !== undefined ? ['memory'] : []),
    ...(old && shmSize !== undefined ? ['shm_size'] : []),
    ...(old && ulimits.length > 0 ? ['ulimits'] : []),
    ...(old && hasFolder(spec.context) ? ['context'] : []),
  ]
}
