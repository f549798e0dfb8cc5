import { relative } from 'node:path'
import type { Context } from '../../../cli/context.ts'
import { printSentence } from '../../../cli/show.ts'
import type { Span } from '../../../diagnostics/span.ts'
import type { Loaded } from '../../../load/loaded.ts'
import type { Difference } from '../../../lockfile/differences.ts'
import { imageKey } from '../../../lockfile/model.ts'
import type { ReadLock } from '../../../lockfile/read.ts'
import { type Placed, printDifferences } from '../differences.ts'

export interface Compared {
  old: ReadLock
  loaded: Loaded
}

export async function report(context: Context, { old, loaded }: Compared, drift: readonly Difference[]): Promise<void> {
  const facts = drift.length === 1 ? 'One fact differs' : `${drift.length} facts differ`
  printSentence(context, `${facts} from the lock file`)
  const placed = drift.map((each): Placed => ({ ...each, at: placeOf(each, { old, loaded }) }))
  printDifferences(context, placed, (at) => placeText(context, at))
}

/** In the stack file, if the fact comes from there; a fact that is no longer there is in the lock file. */
export function placeOf({ path, to }: Difference, { old, loaded }: Compared): Span | undefined {
  if (to === undefined) return old.spanOf(path)
  const [section = '', key = ''] = path
  if (section === 'files') return undefined
  const inStack = section === 'images' ? imagePath(loaded, key) : path.join('.')
  return loaded.spanOf(inStack)
}

function imagePath({ stack }: Loaded, key: string): string {
  const [user] = Object.entries(stack.services).find(([name, { image }]) => imageKey(name, image) === key) ?? []
  return `services.${user}.image`
}

export function placeText(context: Context, { file, line, col }: Span): string {
  return `${relative(context.host.cwd, file)}:${line}:${col}`
}
