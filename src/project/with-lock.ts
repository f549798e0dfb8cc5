import type { Settling } from '../backend/backend.ts'
import type { Project } from './project.ts'
import type { LockWait } from './runtime.ts'
import { thawFrozen } from './snapshots/frozen.ts'

/** The command that holds a lock, as shown to commands that wait for it: `up`. */
export interface LockRequest extends Partial<LockWait> {
  command: string
}

const NOBODY = () => undefined

/** Changes a project while no other flotilla command does. If the signal aborts the wait, rejects without starting the work. */
export async function withLock<T>(project: Project, request: LockRequest, work: () => Promise<T>): Promise<T> {
  const release = await takeLock(project, request)
  try {
    return await work()
  } finally {
    await release()
  }
}

/**
 * Takes the project's lock, or another named lock of the project.
 * @returns releases it
 */
export async function takeLock(
  project: Project,
  { command, signal = project.signal, onWait = NOBODY }: LockRequest,
  name?: string,
): Promise<() => Promise<void>> {
  const [own, backend] = await Promise.all([project.name(), project.backendKind()])
  return project.runtime.lock(name === undefined ? own : `${own}\0${name}`, command, { backend, signal, onWait })
}

/** Resolves once no other command works on the project: such a command may be about to restart what it has stopped. */
export async function untilIdle(project: Project, request: LockRequest): Promise<void> {
  await withLock(project, request, async () => undefined)
}

/** Waits until the engine has completed the requests of killed commands. Requires the project's lock. */
export async function settle(
  project: Project,
  { signal = project.signal, onWait = NOBODY }: Partial<Omit<Settling, 'clock'>> = {},
): Promise<void> {
  const backend = await project.backend()
  await backend.settle({ signal, clock: project.clock, onWait })
  await thawFrozen(project)
}
