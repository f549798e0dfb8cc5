import { StackError } from '../diagnostics/checked.ts'
import { type Diagnostic, error } from '../diagnostics/diagnostic.ts'
import { ownCommand } from '../diagnostics/own-command.ts'
import type { Holder } from '../project/lock/lock.ts'
import type { Project } from '../project/project.ts'
import { takeLock } from '../project/with-lock.ts'

/** Limits each project to one guard: a lock next to that of commands, which the system releases when the process ends for any reason. */
const NAME = 'guard'

/** Takes the lock of the project's guard; if another guard has it, returns its holder. */
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

/** Throws a StackError if the project already has a guard. */
export async function withGuardLock<T>(project: Project, work: () => Promise<T>): Promise<T> {
  const lock = await takeGuardLock(project)
  if ('holder' in lock) throw new StackError([alreadyGuarded(await project.name(), lock.holder)])
  try {
    return await work()
  } finally {
    await lock.leave()
  }
}

export function alreadyGuarded(project: string, { pid }: Holder): Diagnostic {
  const hint = `${ownCommand('guard --stop')} ends it`
  return error('locked', `${project} is guarded already${pid > 0 ? `, by process ${pid}` : ''}`, { hint })
}

/** Resolves once no guard holds the lock. */
export async function guardLockIsFree(project: Project): Promise<void> {
  const release = await takeLock(project, { command: 'guard' }, NAME)
  await release()
}
