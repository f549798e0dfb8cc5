import { type Ignore, PatternError, parseIgnore as parsed } from '../../../archive/ignore.ts'
import { failedInside } from '../../port.ts'

export type { Ignore }

/** Parses the patterns of an ignore file. A malformed pattern fails the build. */
export function parseIgnore(text: string): Ignore {
  try {
    return parsed(text)
  } catch (thrown) {
    throw thrown instanceof PatternError ? failedInside(`the ignore file has a ${thrown.message}`) : thrown
  }
}
