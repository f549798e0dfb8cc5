import type { Holder } from '../project/lock/lock.ts'
import type { Project } from '../project/project.ts'
import { takeLock } from '../project/with-lock.ts'

/** Each project has one guard at a time: a lock beside that of commands, which ends with its process, however that ends. */
const NAME = 'guard'

/** Takes the lock of the project's guard, unless there is one already: then the result is its holder. */
export async function takeGuardLock(project: Project): Promise<{ leave: () => Promise<void> } | { holder: Holder }> {
  const over = new AbortController()
  let holder: Holder | undefined
  const onWait = (found: Holder | undefined) => {
    holder = found ?? { pid: 0, command: 'guard' }
    over.abort()
  }
  const signal = AbortSignal.any([over.signal, project.signal])
  try {
    return { leave: await takeLock(project, { command: 'guard', signal, onWait }, NAME) }
  } catch (thrown) {
    if (!holder) throw thrown
    return { holder }
  }
}

/** Resolves once no guard holds it. */
export async function guardLockIsFree(project: Project): Promise<void> {
  const release = await takeLock(project, { command: 'guard' }, NAME)
  await release()
}
