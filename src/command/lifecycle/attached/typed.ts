import type { Context } from '../../../cli/context.ts'

/**
 * A command about this project, as the user can type it: where flags named the stack, the same words without them would be about another
 * project, or find none.
 */
export async function typed({ globals, project }: Context, words: string): Promise<string> {
  const { projectName, projectDirectory, file } = globals
  const isNamed = projectName !== undefined || projectDirectory !== undefined || file.length > 0
  return `flotilla ${isNamed ? `-p ${await project.name()} ` : ''}${words}`
}
