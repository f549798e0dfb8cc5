import { each, fields, list, type Shape } from '../../../util/shape.ts'
import type { BuildOptions, BuildSpec } from '../../port.ts'
import type { Link } from '../http/link.ts'
import { requestJson } from '../http/request.ts'

const anything: Shape = () => undefined
const INFO = fields({ ...each('DriverStatus', list(list(anything))) })

/** The driver's type if containerd stores the engine's images (Docker's documentation, "containerd image store"). */
const CONTAINERD = 'io.containerd.snapshotter.v1'

/** Whether containerd stores the images: such an engine keeps several platforms, and attestations. GET /info. */
export async function isContainerd(link: Link, signal: AbortSignal): Promise<boolean> {
  const request = { method: 'GET', path: '/info', signal } as const
  const { DriverStatus: status } = await requestJson<{ DriverStatus?: unknown[][] | null }>(link, request, INFO)
  return (status ?? []).some(([name, value]) => name === 'driver-type' && value === CONTAINERD)
}

/** The request without what the engine's store of images cannot keep; reports what is left out. */
export async function withinStore(
  link: Link,
  spec: BuildSpec,
  { signal, onIgnored }: BuildOptions,
): Promise<BuildSpec> {
  const { platforms, cacheTo, cacheImports, attestations, ...kept } = spec
  const parts = {
    ...(platforms && { platforms }),
    ...(cacheTo && { cache_to: cacheTo }),
    ...(cacheImports && { cache_from: cacheImports }),
    ...attestations,
  }
  if (Object.keys(parts).length === 0 || (await isContainerd(link, signal))) return spec
  for (const part of Object.keys(parts)) onIgnored?.(part, WHY[part] ?? '')
  return { ...kept, ...(platforms?.[0] && { platform: platforms[0] }) }
}

const WHY: Readonly<Record<string, string>> = {
  platforms:
    'this engine keeps one platform of an image (its image store is not that of containerd), so only the first is built',
  cache_to: 'this engine stores caches only in images (type=inline): its image store is not that of containerd',
  cache_from: 'this engine reads caches only from images: its image store is not that of containerd',
  provenance: 'this engine keeps no attestations: its image store is not that of containerd',
  sbom: 'this engine keeps no attestations: its image store is not that of containerd',
}
