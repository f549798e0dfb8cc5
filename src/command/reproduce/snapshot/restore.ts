import type { Context } from '../../../cli/context.ts'
import { printSentence } from '../../../cli/show.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { chosenSnapshot } from '../../../project/snapshots/choose.ts'
import type { Created } from '../../../project/snapshots/create.ts'
import { chosenVolumes, type Restored, restoreSnapshot } from '../../../project/snapshots/restore.ts'
import { withStore } from '../../../project/snapshots/store.ts'
import { settle, withLock } from '../../../project/with-lock.ts'
import { createdText } from './create.ts'
import type { SnapshotInput } from './flags.ts'

export async function restore(
  context: Context,
  [word, ...services]: readonly string[],
  { noSnapshot }: SnapshotInput['flags'],
): Promise<number> {
  if (word === undefined) throw new StackError([error('usage', 'snapshot restore takes the name of a snapshot')])
  const { project } = context
  const name = await project.existingName()
  const view = await context.view()
  const onKept = (kept: Created) => view.say(`Kept the present content. ${createdText(kept)}`)
  const restored = await withLock(project, { command: 'snapshot' }, async () => {
    await settle(project)
    return withStore(project, async (store) => {
      const snapshot = chosenSnapshot(await store.list(), word, name)
      if (context.globals.dryRun)
        return { volumes: chosenVolumes({ snapshot, services }).map(({ volume }) => volume.name) }
      return restoreSnapshot(project, store, { snapshot, services, keepsPresent: !noSnapshot, onKept })
    })
  })
  return report(context, restored)
}

function report(context: Context, restored: Restored): number {
  if ('failed' in restored) return 1
  const { volumes } = restored
  if (context.globals.dryRun) return dry(context, volumes)
  printSentence(
    context,
    `Restored ${volumes.join(', ')}; ${context.ownCommand('up')} starts the services that use ${volumes.length === 1 ? 'it' : 'them'}`,
  )
  return 0
}

function dry(context: Context, volumes: readonly string[]): number {
  printSentence(context, `would restore ${volumes.join(', ')}`)
  return 0
}
