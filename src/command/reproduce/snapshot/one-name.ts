import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'

/** The only word after an action; empty if it takes none. Throws a StackError for another number of words. */
export function oneName(action: string, words: readonly string[], wanted: 0 | 1): string {
  if (words.length === wanted) return words[0] ?? ''
  const message = `snapshot ${action} takes ${wanted === 0 ? 'no names' : 'the name of one snapshot'}`
  throw new StackError([error('usage', message)])
}
