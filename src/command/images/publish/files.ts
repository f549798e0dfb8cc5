import type { Context } from '../../../cli/context.ts'
import { unwrap } from '../../../diagnostics/checked.ts'
import type { LocalFile } from '../../../load/print/published/files.ts'

/** The files of the stack as they are published. Throws a StackError for what cannot be published. */
export async function filesOf(context: Context, withEnv: boolean): Promise<LocalFile[]> {
  const [{ input, directory, stdin }, { publishedFiles }, { readVariables }] = await Promise.all([
    context.project.files(),
    import('../../../load/print/published/files.ts'),
    import('../../../load/variable/variables.ts'),
  ])
  const { disk } = context.project
  const variables = unwrap(readVariables(input, disk, directory))
  const base = { files: input.files, directory, home: input.home, variables, withEnv }
  return unwrap(publishedFiles({ ...base, ...(stdin !== undefined && { stdin }) }, disk))
}
