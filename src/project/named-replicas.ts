import type { Replica } from '../backend/read/containers.ts'
import { BackendError } from '../diagnostics/backend-error.ts'
import { StackError } from '../diagnostics/checked.ts'
import { declaredOf } from './load/declared-or-labels.ts'
import type { Project } from './project.ts'
import { ofServices } from './replicas.ts'

/**
 * The containers of the named services, or all. One that is declared and has none is no mistake, as for `docker compose`; only to find that
 * out, the stack is read. Throws StackError for any other name that no container has.
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

/** None where the project is known by its name alone, or its files have problems. */
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
