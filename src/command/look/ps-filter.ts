import { CONTAINER_STATES } from '../../backend/state.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { type Diagnostic, error, warning } from '../../diagnostics/diagnostic.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'

/** The states in `--status` and `--filter status=…`. Throws a StackError for any other filter. */
export function statesOf({ status, filter }: { status: readonly string[]; filter: readonly string[] }): string[] {
  return [...status, ...filter.map(stateOf)]
}

const HINT = 'write --filter status=running, or another state'

function stateOf(filter: string): string {
  const [key = '', ...value] = filter.split('=')
  if (value.length === 0)
    throw new StackError([error('usage', `--filter needs KEY=VALUE, not "${filter}"`, { hint: HINT })])
  if (key === 'status') return value.join('=')
  throw new StackError([error('usage', `there is no filter "${key}"`, { hint: HINT })])
}

/** States that no container ever has: like `docker compose`, `ps` then finds nothing, but says why. */
export function unknownStates(states: readonly string[]): Diagnostic[] {
  const known: readonly string[] = CONTAINER_STATES
  return states
    .filter((state) => !known.includes(state))
    .map((state) => {
      const hint = didYouMean(state, known)
      return warning('usage', `no container is ever in the state "${state}"`, hint === undefined ? {} : { hint })
    })
}
