import type { Context } from '../../../cli/context.ts'

/**
 * A command line about this project that the user can type. If flags selected the stack, it repeats them: without them, the command
 * would apply to another project or find none.
 */
export async function typed({ globals, project }: Context, words: string): Promise<string> {
  const { projectName, projectDirectory, file } = globals
  const isNamed = projectName !== undefined || projectDirectory !== undefined || file.length > 0
  return `flotilla ${isNamed ? `-p ${await project.name()} ` : ''}${words}`
}
