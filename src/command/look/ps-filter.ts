import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'

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
