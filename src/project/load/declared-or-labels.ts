import type { Declared } from '../../backend/backend.ts'
import { type Checked, StackError } from '../../diagnostics/checked.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { Graph } from '../../graph/graph.ts'
import type { Loaded } from '../../load/loaded.ts'
import { NOTHING_SENSITIVE } from '../../stack/sensitive.ts'
import type { Project } from '../project.ts'
import { firmClashes } from './firm-clashes.ts'

/** A project, for commands about existing containers. */
export interface Existing {
  declared: Declared
  /** Whether the stack comes from its file, rather than from its containers' labels. */
  known: boolean
}

/**
 * The stack as declared in its file, with named services active. If no file can be used, or if the file belongs to another project,
 * an empty stack: then the containers' labels determine what belongs to the project, and a warning is reported.
 * @param whenEmpty whether the file belongs to a project without containers
 */
export async function declaredOf(project: Project, services: readonly string[], whenEmpty = true): Promise<Existing> {
  const result = await checkedOf(project, services)
  if (!result.ok) return withoutFile(project, result.diagnostics)
  const { whyNotOf } = await import('./belongs.ts')
  const why = await whyNotOf(project, result.value, whenEmpty)
  if (why !== undefined) return ofAnother(project, why)
  const loaded = await project.loaded()
  await project.warn(firmClashes(loaded))
  return { declared: loaded, known: true }
}

async function checkedOf(project: Project, services: readonly string[]): Promise<Checked<Loaded>> {
  try {
    return await project.checked(services, { strict: 'files' })
  } catch (thrown) {
    if (thrown instanceof StackError) return { ok: false, diagnostics: thrown.diagnostics }
    throw thrown
  }
}

/** Throws the files' problems if the project's name is unknown too. */
async function withoutFile(project: Project, found: readonly Diagnostic[]): Promise<Existing> {
  const isNamed = project.source.projectName || project.runtime.env.COMPOSE_PROJECT_NAME
  if (!isNamed && isMissing(found)) throw new StackError([...found])
  const name = await project.name().catch((thrown) => {
    throw isNamed ? thrown : new StackError([...found])
  })
  if (!isMissing(found)) await project.goByLabels(found)
  return { declared: nameless(name, project.runtime.cwd), known: false }
}

function isMissing(found: readonly Diagnostic[]): boolean {
  return found.some(({ code }) => code === 'no-stack-file')
}

async function ofAnother(project: Project, why: string): Promise<Existing> {
  await project.goByLabels([], why)
  return { declared: nameless(await project.name(), project.runtime.cwd), known: false }
}

function nameless(name: string, workingDir: string): Declared {
  const stack = { name, services: {}, inactive: {}, networks: {}, volumes: {}, secrets: {}, configs: {}, digests: {} }
  return {
    stack: { ...stack, origin: { workingDir, configFiles: [] } },
    graph: new Graph<string>([]),
    sensitive: NOTHING_SENSITIVE,
    spanOf: () => undefined,
  }
}
