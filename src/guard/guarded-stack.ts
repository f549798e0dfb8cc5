import { StackError } from '../diagnostics/checked.ts'
import { error } from '../diagnostics/diagnostic.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import type { Loaded } from '../load/loaded.ts'
import type { Project } from '../project/project.ts'

/** The stack that a guard maintains, from the last reading of its files. */
export interface GuardedStack {
  project: Project
  loaded: Loaded
  services: string[]
  /** Absolute paths of its files. */
  files: string[]
}

/** Throws a StackError with every problem of the files, or for an undeclared service. */
export async function guardedStackOf(project: Project, named: readonly string[]): Promise<GuardedStack> {
  const loaded = await project.loaded(named)
  const { input } = await project.files()
  const known = Object.keys(loaded.stack.services)
  const unknown = named.filter((name) => !known.includes(name))
  if (unknown.length > 0)
    throw new StackError(
      unknown.map((name) => error('unknown-service', `unknown service "${name}"`, { hint: didYouMean(name, known) })),
    )
  const files = [...loaded.sources.keys(), ...(input.envFiles ?? [])].filter((file) => file.startsWith('/'))
  return { project, loaded, services: named.length > 0 ? [...named] : known, files: [...new Set(files)] }
}
