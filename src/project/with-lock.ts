import type { Settling } from '../backend/backend.ts'
import type { Project } from './project.ts'
import type { LockWait } from './runtime.ts'

/** The command that holds a lock, as shown to commands that wait for it: `up`. */
export interface LockRequest extends Partial<LockWait> {
  command: string
}

const NOBODY = () => undefined

/** Runs what changes a project while no other flotilla command does. Rejects, without having begun, if the signal aborts the wait. */
export async function withLock<T>(project: Project, request: LockRequest, work: () => Promise<T>): Promise<T> {
  const release = await takeLock(project, request)
  try {
    return await work()
  } finally {
    await release()
  }
}

/**
 * Takes the project's lock, or another one of the project that is named.
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

/** Resolves once no other command works on the project: what one has stopped it may be about to start again. */
export async function untilIdle(project: Project, request: LockRequest): Promise<void> {
  await withLock(project, request, async () => undefined)
}

/** Waits until the engine has finished what commands that were killed had asked for. Holding the project's lock. */
export async function settle(
  project: Project,
  { signal = project.signal, onWait = NOBODY }: Partial<Omit<Settling, 'clock'>> = {},
): Promise<void> {
  const backend = await project.backend()
  await backend.settle({ signal, clock: project.clock, onWait })
}
