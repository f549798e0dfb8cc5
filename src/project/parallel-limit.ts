import { StackError } from '../diagnostics/checked.ts'
import { error } from '../diagnostics/diagnostic.ts'

/**
 * The maximum number of concurrent steps: `--parallel`, or else COMPOSE_PARALLEL_LIMIT. Undefined means no limit, as do 0 and
 * negative numbers. Throws a StackError for a variable that is not a number.
 */
export function parallelLimit(flag: number | undefined, variable: string | undefined): number | undefined {
  const limit = flag ?? numberOf(variable)
  return limit !== undefined && limit > 0 ? limit : undefined
}

function numberOf(variable: string | undefined): number | undefined {
  if (variable === undefined) return undefined
  if (/^[+-]?\d{1,18}$/.test(variable)) return Number(variable)
  throw new StackError([error('usage', `COMPOSE_PARALLEL_LIMIT must be a whole number, not "${variable}"`)])
}
