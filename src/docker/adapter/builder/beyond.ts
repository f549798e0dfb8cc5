import type { BuildSpec } from '../../port.ts'

/** Whether a build needs what POST /build has no parameter for, so that flotilla asks BuildKit itself. */
export function isBeyondApi(spec: BuildSpec): boolean {
  const { noCache, noCacheFilter = [], platforms = [], cacheTo = [], cacheImports = [], entitlements = [] } = spec
  const lists = [platforms, cacheTo, cacheImports, entitlements]
  if (spec.repeatable !== undefined) return true
  return (noCacheFilter.length > 0 && !noCache) || lists.some(({ length }) => length > 0) || !isEmpty(spec.attestations)
}

function isEmpty(values: object = {}): boolean {
  return Object.keys(values).length === 0
}
