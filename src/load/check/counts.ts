import { error } from '../../diagnostics/diagnostic.ts'
import { get, type MapNode, type Tree } from '../../yaml/tree.ts'
import type { Clash } from '../findings.ts'
import { textOf } from '../tree/nodes.ts'
import type { CheckInput } from './check-input.ts'

/** For one service: several times the highest number seen on one engine. */
export const MOST_CONTAINERS = 10_000
const MOST_TOGETHER = 20_000

/** Services with too many containers to plan. */
export function checkCounts(input: CheckInput): Clash[] {
  const single = input.active.flatMap(([service, node]) => countsOf(node).flatMap((count) => tooMany(service, count)))
  return single.length > 0 ? single : tooManyTogether(input)
}

/** Reported at the service where the total exceeds the limit. */
function tooManyTogether({ active }: CheckInput): Clash[] {
  let total = 0
  for (const [service, node] of active) {
    const [count] = countsOf(node)
    total += count?.kind === 'scalar' ? Number(count.value) : 0
    if (!count || total <= MOST_TOGETHER) continue
    const message = `with service "${service}", the stack has more than ${MOST_TOGETHER} containers`
    return [
      { service, problem: error('invalid-value', message, { at: count.at, hint: 'reduce `scale` or `replicas`' }) },
    ]
  }
  return []
}

function countsOf(service: MapNode): Tree[] {
  return [get(service, 'scale'), get(get(service, 'deploy'), 'replicas')].filter((count) => count !== undefined)
}

function tooMany(service: string, count: Tree): Clash[] {
  if (count.kind !== 'scalar' || !(Number(count.value) > MOST_CONTAINERS)) return []
  const message = `service "${service}" asks for ${textOf(count).slice(0, 20)} containers; the limit is ${MOST_CONTAINERS}`
  return [{ service, problem: error('invalid-value', message, { at: count.at, hint: 'reduce `scale` or `replicas`' }) }]
}
