import { relative } from 'node:path'
import type { Context } from '../../../cli/context.ts'
import { printSentence } from '../../../cli/show.ts'
import type { Loaded } from '../../../load/loaded.ts'
import type { Lock } from '../../../lockfile/model.ts'
import { KINDS, type PackagesLock, packagesText } from '../../../lockfile/packages.ts'
import { lockText } from '../../../lockfile/text.ts'
import { lockPath } from '../../../project/locking/lock-file.ts'
import { makePackagesLock, packagesOf, packagesPath } from '../../../project/locking/packages.ts'
import { deliver } from '../../shared/deliver.ts'
import { printPackageChanges } from '../differences.ts'

export async function save(
  context: Context,
  loaded: Loaded,
  lock: Lock,
  { flags }: { flags: { packages?: boolean | undefined } },
): Promise<number> {
  const path = await lockPath(context.project)
  const shown = relative(context.host.cwd, path)
  if (context.globals.dryRun) {
    context.print(lockText(lock))
    return 0
  }
  const packages = flags.packages === false ? undefined : await packagesFor(context, loaded, lock)
  await deliver(context, path, lockText(lock))
  if (packages) await deliver(context, packagesPath(path), packagesText(packages))
  printSentence(context, `Wrote ${shown}: ${extent(lock)}`)
  if (packages)
    printSentence(context, `Wrote ${relative(context.host.cwd, packagesPath(path))}: ${packageCounts(packages)}`)
  return 0
}

/** Prints which packages moved in the meantime. */
async function packagesFor(context: Context, loaded: Loaded, lock: Lock): Promise<PackagesLock> {
  const { project } = context
  const path = await lockPath(project)
  const known = packagesOf(project, path)
  const packages = await makePackagesLock(project, loaded, lock, known)
  if (known) printPackageChanges(context, known, packages)
  return packages
}

function packageCounts(images: PackagesLock): string {
  const counts = KINDS.flatMap((kind) => {
    const all = Object.values(images).map(({ packages }) => Object.keys(packages[kind] ?? {}).length)
    const sum = all.reduce((total, each) => total + each, 0)
    return sum > 0 ? [`${sum} of ${kind}`] : []
  })
  return counts.length > 0 ? `packages: ${counts.join(', ')}` : 'no packages'
}

export function extent({ images, stack, files }: Lock): string {
  const count = (all: object | undefined, one: string) => {
    const number = Object.keys(all ?? {}).length
    return `${number} ${one}${number === 1 ? '' : 's'}`
  }
  return [count(stack.services as object, 'service'), count(images, 'image'), count(files, 'file')].join(', ')
}
