import type { Context } from '../../../cli/context.ts'
import { printSentence } from '../../../cli/show.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import type { VolumeSnapshot } from '../../../project/snapshots/about.ts'
import { chosenSnapshot } from '../../../project/snapshots/choose.ts'
import { superfluous } from '../../../project/snapshots/prune.ts'
import { withStore } from '../../../project/snapshots/store.ts'
import { decimalSize } from '../../../view/size.ts'
import type { SnapshotInput } from './flags.ts'
import { oneName } from './one-name.ts'

export async function remove(context: Context, words: readonly string[]): Promise<number> {
  const word = oneName('rm', words, 1)
  const name = await context.project.existingName()
  return removing(context, (all) => [chosenSnapshot(all, word, name)])
}

export async function prune(
  context: Context,
  words: readonly string[],
  { all, keep, olderThan, automatic }: SnapshotInput['flags'],
): Promise<number> {
  oneName('prune', words, 0)
  if (keep === undefined && olderThan === undefined && !automatic) throw new StackError([noRule()])
  const rule = {
    ...(keep !== undefined && { last: keep }),
    ...(olderThan !== undefined && { ageMs: olderThan }),
    automatic: !automatic,
  }
  const name = all ? undefined : await context.project.existingName()
  const now = context.host.wallTime()
  return removing(context, (found) =>
    superfluous(
      found.filter(({ about }) => name === undefined || about.project === name),
      rule,
      now,
    ),
  )
}

function noRule() {
  const hint = '--keep, --older-than or --automatic says which'
  return error('usage', 'snapshot prune needs to know which snapshots to remove', { hint })
}

async function removing(context: Context, choose: (all: VolumeSnapshot[]) => VolumeSnapshot[]): Promise<number> {
  const { count, freed } = await withStore(context.project, async (store) => {
    const chosen = choose(await store.list())
    if (context.globals.dryRun) return { count: chosen.length, freed: undefined }
    for (const { id } of chosen) await store.remove(id)
    const { before, after } = await store.prune()
    return { count: chosen.length, freed: before - after }
  })
  const snapshots = count === 1 ? 'one snapshot' : `${count} snapshots`
  const text =
    freed === undefined ? `would remove ${snapshots}` : `Removed ${snapshots}: ${decimalSize(freed)} are free`
  printSentence(context, text)
  return 0
}
