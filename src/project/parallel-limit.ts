import { StackError } from '../diagnostics/checked.ts'
import { error } from '../diagnostics/diagnostic.ts'

/**
 * How many steps may be under way at once: as `--parallel` says, else COMPOSE_PARALLEL_LIMIT. Undefined: as many as can be, which 0 and
 * negative numbers mean too. Throws StackError for what is no number.
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
