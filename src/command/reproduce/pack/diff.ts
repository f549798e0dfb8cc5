import type { Context } from '../../../cli/context.ts'
import { printJson, printLines, printSentence } from '../../../cli/show.ts'
import { packDifferences } from '../../../pack/diff.ts'
import { readComparable } from '../../../pack/read/open-pack.ts'
import { packFile } from './open.ts'

/** As `plan`: what was compared differs. */
const DIFFER = 2
const SIGNS = { added: '+', removed: '-', changed: '~' } as const

/** Prints in which contents two packs differ. */
export async function diffPacks(
  context: Context,
  [one, other]: [string, string],
  format: 'text' | 'json',
): Promise<number> {
  const before = await readComparable(await packFile(context, one), { signal: context.signal })
  const after = await readComparable(await packFile(context, other), { signal: context.signal })
  const differences = packDifferences(before, after)
  if (format === 'json') printJson(context, differences)
  else if (differences.length === 0) printSentence(context, 'The packs have the same contents')
  else
    printLines(
      context,
      differences.map(({ kind, what }) => `${SIGNS[kind]} ${what}`),
    )
  return differences.length === 0 ? 0 : DIFFER
}
