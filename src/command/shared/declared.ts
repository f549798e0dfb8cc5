import type { Declared } from '../../backend/backend.ts'
import type { Context } from '../../cli/context.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { Graph } from '../../graph/graph.ts'
import { NOTHING_SENSITIVE } from '../../stack/sensitive.ts'

/**
 * The stack as its file declares it, services that are named switched on. Where there is no file and only the project's name is
 * known, one that declares nothing: then the labels of the containers tell what belongs to it.
 */
export async function declaredOf(
  context: Context,
  services: readonly string[],
): Promise<{ declared: Declared; known: boolean }> {
  try {
    return { declared: await context.loaded(services), known: true }
  } catch (thrown) {
    const named = context.globals.projectName ?? context.host.env.COMPOSE_PROJECT_NAME
    if (!named || !isMissing(thrown)) throw thrown
    return { declared: nameless(await context.projectName(), context.host.cwd), known: false }
  }
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof StackError && thrown.diagnostics.some((each) => each.code === 'no-stack-file')
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
