import type { Context } from '../../cli/context.ts'
import type { Holder } from '../../project/lock/lock.ts'

/** Each project has one guard at a time: a lock beside that of commands, which ends with its process, however that ends. */
function nameOf(project: string): string {
  return `${project}\0guard`
}

/** Takes the lock of the project's guard, or tells who has it. */
export async function takeGuardLock(context: Context): Promise<{ leave: () => Promise<void> } | { holder: Holder }> {
  const over = new AbortController()
  let holder: Holder | undefined
  const onWait = (found: Holder | undefined) => {
    holder = found ?? { pid: 0, command: 'guard' }
    over.abort()
  }
  try {
    const signal = AbortSignal.any([over.signal, context.signal])
    return { leave: await context.host.lock(nameOf(await context.project.name()), 'guard', { signal, onWait }) }
  } catch (thrown) {
    if (!holder) throw thrown
    return { holder }
  }
}

/** Resolves once nobody has it. */
export async function guardLockIsFree(context: Context): Promise<void> {
  const { signal } = context
  const release = await context.host.lock(nameOf(await context.project.name()), 'guard', {
    signal,
    onWait: () => undefined,
  })
  await release()
}
