import { StackError } from '../../diagnostics/checked.ts'
import type { Project } from '../project.ts'

/**
 * `-e NAME=value` stays unchanged; `-e NAME` takes the value from the environment or the project's variables, and stays without a
 * value if neither has it.
 */
export async function environmentOf(
  project: Project,
  given: readonly string[],
): Promise<{ name: string; value: string | undefined }[]> {
  const { env } = project.runtime
  const pairs = given.map(split)
  const open = pairs.some(({ name, value }) => value === undefined && env[name] === undefined)
  const variable = open ? await projectVariables(project) : () => undefined
  return pairs.map(({ name, value }) => ({ name, value: value ?? env[name] ?? variable(name) }))
}

function split(pair: string): { name: string; value: string | undefined } {
  const at = pair.indexOf('=')
  return at < 0 ? { name: pair, value: undefined } : { name: pair.slice(0, at), value: pair.slice(at + 1) }
}

/** A project selected by name may have no files, and therefore no variables. */
export async function projectVariables(project: Project): Promise<(name: string) => string | undefined> {
  const { variableReader } = await import('./stack-files.ts')
  try {
    return variableReader(await project.files(), project.disk)
  } catch (thrown) {
    if (thrown instanceof StackError) return () => undefined
    throw thrown
  }
}
