import { join } from 'node:path'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { StoreDamaged } from '../../snapshot/damaged.ts'
import { SnapshotStore } from '../../snapshot/store.ts'
import { RealStoreDisk } from '../../snapshot/store-disk.ts'
import type { Project } from '../project.ts'
import type { About } from './about.ts'

/** Works with this machine's store of snapshots while no other command does. Throws a StackError if the store is damaged. */
export async function withStore<T>(project: Project, work: (store: SnapshotStore<About>) => Promise<T>): Promise<T> {
  const { runtime, signal } = project
  const onWait = (holder: { pid: number; command: string } | undefined) =>
    void project.notify({ kind: 'waiting-for-command', holder })
  const release = await runtime.dataLock?.('snapshot', { signal, onWait })
  const disk = new RealStoreDisk(join(runtime.dataFolder ?? join(runtime.stateFolder, 'data'), 'store'))
  try {
    return await work(await SnapshotStore.open<About>(disk))
  } catch (thrown) {
    if (!(thrown instanceof StoreDamaged)) throw thrown
    throw new StackError([error('snapshot-damaged', thrown.message)])
  } finally {
    await disk.close()
    await release?.()
  }
}
