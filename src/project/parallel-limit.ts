import { StackError } from '../diagnostics/checked.ts'
import { error } from '../diagnostics/diagnostic.ts'

/**
 * The maximum number of concurrent steps: `--parallel`, or else COMPOSE_PARALLEL_LIMIT. Undefined means no limit, as do 0 and
 * negative numbers. Throws a StackError for a value that is not a number.
 */
export function parallelLimit(flag: string | undefined, variable: string | undefined): number | undefined {
  const text = flag ?? variable
  if (text === undefined || text === '') return undefined
  if (!/^-?\d+$/.test(text)) {
    const name = flag === undefined ? 'COMPOSE_PARALLEL_LIMIT' : '--parallel'
    throw new StackError([error('usage', `${name} must be a whole number, not "${text}"`)])
  }
  return Number(text) > 0 ? Number(text) : undefined
}
