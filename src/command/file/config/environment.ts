import type { Context } from '../../../cli/context.ts'
import { unwrap } from '../../../diagnostics/checked.ts'
import type { Loaded } from '../../../load/loaded.ts'

/** `NAME=value` for every variable available to the stack's files, sorted. Shows values: the user asked for them. */
export async function environmentLines(context: Context, { stack }: Loaded): Promise<string[]> {
  const [{ input, directory }, { readVariables }] = await Promise.all([
    context.project.files(),
    import('../../../load/variable/variables.ts'),
  ])
  const variables = unwrap(readVariables(input, context.project.disk, directory))
  const values = variables.names().map((name) => [name, variables.lookup(name)?.value ?? ''] as const)
  const all = new Map([...values, ['COMPOSE_PROJECT_NAME', stack.name] as const])
  return [...all].map(([name, value]) => `${name}=${value}`).sort()
}
