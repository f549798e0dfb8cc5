import type { ContainerState } from '../../state.ts'
import { isRunning } from '../../state.ts'

/** Whether a container started so recently that it may still crash; the engine's list shows that only in its status text. */
export function isFresh(container: { state: ContainerState; status: string }): boolean {
  return isRunning(container) && /^Up (Less than a second|1 second)\b/.test(container.status)
}
