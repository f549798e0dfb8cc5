import { type Lowered, lower } from '../../lower/lower.ts'
import { endpointsOf } from '../../lower/network.ts'
import type { LowerContext } from '../../lower/row.ts'

/** `lower`, evaluated on first access: for a container that is kept, only the networks are needed. */
export function lazyLower(context: LowerContext): Lowered {
  let whole: Lowered | undefined
  let endpoints: Lowered['endpoints'] | undefined
  const get = () => {
    whole ??= lower(context)
    return whole
  }
  return {
    get name() {
      return get().name
    },
    get spec() {
      return get().spec
    },
    get endpoints() {
      endpoints ??= endpointsOf(context)
      return endpoints
    },
    ...(context.service.platform && { platform: context.service.platform }),
  }
}
