import type { Replica } from '../backend/read/containers.ts'
import { BackendError } from '../diagnostics/backend-error.ts'
import { StackError } from '../diagnostics/checked.ts'
import { declaredOf } from './load/declared-or-labels.ts'
import type { Project } from './project.ts'
import { ofServices } from './replicas.ts'

/**
 * The containers of the named services, or all. As in `docker compose`, a declared service without containers is no error; the stack
 * is only read to check that. Throws a StackError for any other name without containers.
 */
export async function namedReplicas<R extends Replica>(
  project: Project,
  replicas: readonly R[],
  services: readonly string[],
): Promise<R[]> {
  const without = services.filter((name) => replicas.every(({ service }) => service !== name))
  const declared = without.length > 0 ? await declaredServices(project, without) : []
  const unknown = without.filter((name) => !declared.includes(name))
  if (unknown.length > 0) return ofServices(replicas, unknown, await project.name())
  return replicas.filter(({ service }) => services.length === 0 || services.includes(service))
}

/** Empty if the project is only known by name, or if its files have problems. */
export async function declaredServices(project: Project, named: readonly string[]): Promise<string[]> {
  try {
    const { declared } = await declaredOf(project, named)
    const { stack } = declared
    return [...Object.keys(stack.services), ...Object.keys(stack.inactive)]
  } catch (thrown) {
    if (thrown instanceof StackError && !(thrown instanceof BackendError)) return []
    throw thrown
  }
}
