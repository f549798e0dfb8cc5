import { type Diagnostic, warning } from '../../../diagnostics/diagnostic.ts'
import { isEmpty } from '../../../util/object.ts'
import type { Declared } from '../../backend.ts'
import { partsOf } from '../../docker/attribute-lists.ts'
import { found } from './found.ts'

/** Placement, load balancing and CPU reservations have no meaning on a single engine. */
const SWARM_ONLY = partsOf('swarm')

/** A single note for the whole stack: files written for both kinds of engines are common, and lose nothing here. */
export function swarmNote({ stack, spanOf }: Declared): Diagnostic[] {
  const places = Object.entries(stack.services).flatMap(([name, service]) =>
    SWARM_ONLY.filter((path) => found(service, path).some(({ value }) => !isEmpty(value))).map((path) => ({
      name,
      path,
    })),
  )
  const [first] = places
  if (!first) return []
  const paths = [...new Set(places.map(({ path }) => path))].sort().join(', ')
  const at = spanOf(`services.${first.name}.${first.path}`)
  return [warning('not-supported', `only a swarm applies ${paths}; this engine ignores it`, { at })]
}
