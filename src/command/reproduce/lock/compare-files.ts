import { resolve } from 'node:path'
import type { Context } from '../../../cli/context.ts'
import { printSentence } from '../../../cli/show.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../../diagnostics/own-command.ts'
import { differences, notedDifferences } from '../../../lockfile/differences.ts'
import type { Lock } from '../../../lockfile/model.ts'
import type { PackagesLock } from '../../../lockfile/packages.ts'
import { lockIn } from '../../../project/locking/lock-file.ts'
import { packagesOf } from '../../../project/locking/packages.ts'
import { type Placed, printDifferences, printPackageChanges } from '../differences.ts'
import { placeText } from './report.ts'

/** As `plan`: what was compared differs. */
export const DRIFT = 2

/** Compares two files alone: no stack, no engine. */
export async function compareFiles(context: Context, files: readonly string[]): Promise<number> {
  const [one, other, ...rest] = files.map((file) => lockIn(context.project, resolve(context.host.cwd, file)))
  if (!one || !other || rest.length > 0)
    throw new StackError([error('usage', `two lock files are compared: ${ownCommand('lock diff OLD NEW')}`)])
  const enforced = differences(one.lock, other.lock)
  const noted = notedDifferences(one.lock, other.lock)
  const placed = [...enforced, ...noted].map(
    (each): Placed => ({ ...each, at: each.to === undefined ? one.spanOf(each.path) : other.spanOf(each.path) }),
  )
  printDifferences(context, placed, (at) => placeText(context, at))
  const [before, after] = [packagesBeside(context, files[0], one.lock), packagesBeside(context, files[1], other.lock)]
  if (before && after) printPackageChanges(context, before, after)
  if (placed.length === 0) printSentence(context, 'Both lock files say the same')
  return enforced.length === 0 ? 0 : DRIFT
}

/** Without those of other contents than the locked ones: lock may leave out the packages. */
function packagesBeside(context: Context, file = '', { images }: Lock): PackagesLock | undefined {
  const packages = packagesOf(context.project, resolve(context.host.cwd, file))
  const isLocked = ([key, { content }]: [string, { content: string }]) => images[key]?.content === content
  return packages && Object.fromEntries(Object.entries(packages).filter(isLocked))
}
