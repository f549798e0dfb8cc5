import { each, either, fields, instead, list, number, type Shape, text } from '../../../util/shape.ts'
import type { PathChange, UsageCalls } from '../../port.ts'
import { containerPath } from '../containers.ts'
import type { Link } from '../http/link.ts'
import { requestJson } from '../http/request.ts'

const VOLUME = fields({ Name: text, ...each('UsageData', fields(each('Size', number))) })
const USAGE = fields(each('Volumes', list(VOLUME)))

interface Usage {
  Volumes?: { Name: string; UsageData?: { Size?: number } | null }[] | null
}

/** By the engine's numbers for them (pkg/archive/changes.go of moby/moby). */
const KINDS: readonly PathChange['kind'][] = ['changed', 'added', 'removed']
const kind: Shape = (value) => (KINDS[value as number] ? undefined : instead(value, 'a kind of change'))
const nothing: Shape = (value) => (value === null ? undefined : instead(value, 'null'))
const CHANGES = either(nothing, list(fields({ Path: text, Kind: kind })))

export function usageCalls(link: Link): UsageCalls {
  return {
    async volumeSizes(signal) {
      // Engines before API 1.42 ignore the type and measure everything.
      const request = { method: 'GET', path: '/system/df', query: { type: 'volume' }, signal, pace: 'slow' } as const
      const { Volumes } = await requestJson<Usage>(link, request, USAGE)
      const sizes = (Volumes ?? []).map(({ Name, UsageData }) => [Name, UsageData?.Size ?? -1] as const)
      return Object.fromEntries(sizes.filter(([, size]) => size >= 0))
    },
    async containerChanges(id, signal) {
      const request = { method: 'GET', path: containerPath(id, 'changes'), signal, pace: 'slow' } as const
      const changes = await requestJson<{ Path: string; Kind: number }[] | null>(link, request, CHANGES)
      return (changes ?? []).map(({ Path: path, Kind }) => ({ path, kind: KINDS[Kind] ?? 'changed' }))
    },
  }
}
