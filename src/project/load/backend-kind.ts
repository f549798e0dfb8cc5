import { type BackendKind, backendNamed, checkBackend, DEFAULT_BACKEND } from '../../backend/target.ts'
import { unwrap } from '../../diagnostics/checked.ts'
import { declaredBackend } from '../../load/discover/declared-backend.ts'
import type { Disk } from '../../load/file/disk.ts'
import type { LoadInput } from '../../load/input.ts'
import type { Loaded } from '../../load/loaded.ts'
import type { Runtime, StackSource } from '../runtime.ts'

/** The parts of a project that determine its backend. */
interface Asked {
  source: StackSource
  runtime: Pick<Runtime, 'env'>
  disk: Disk
  files(): Promise<{ input: LoadInput }>
  backendKind(): Promise<BackendKind>
}

/**
 * The backend that the user names, or else the stack's files, or else a Docker engine. Does not search for files if the project's
 * name is given: a stack for another backend is then refused after loading. Throws a StackError for an unknown backend.
 */
export async function backendKindOf(project: Asked): Promise<BackendKind> {
  const { source, runtime } = project
  if (source.backend !== undefined) return unwrap(backendNamed(source.backend))
  if (source.projectName || runtime.env.COMPOSE_PROJECT_NAME) return DEFAULT_BACKEND
  const files = await project.files().catch(() => undefined)
  const declared = files && declaredBackend(files.input, project.disk)
  return declared ? unwrap(backendNamed(declared.name, declared.at)) : DEFAULT_BACKEND
}

/**
 * Throws a StackError if the stack's files name an unknown backend, or another one than the one in use. The user's choice takes
 * precedence.
 */
export async function checkDeclared(project: Asked, { sources }: Loaded): Promise<void> {
  const isSaid = [...sources.values()].some((text) => text.includes('x-flotilla'))
  if (!isSaid || project.source.backend !== undefined) return
  const declared = declaredBackend((await project.files()).input, project.disk)
  if (declared) unwrap(checkBackend(declared, await project.backendKind()))
}
