import type { BuildIntent } from '../../backend/image-intent.ts'
import type { Project } from '../../project/project.ts'
import { splitOnce } from '../../util/text.ts'

/** Parses arguments such as `REV=5`; a name alone takes the value of the variable with that name, if it is set. */
export async function buildArgs(
  project: Project,
  words: readonly string[],
  intent: BuildIntent,
): Promise<Record<string, string>> {
  // Env files are known only once the stack is loaded.
  const isNamed = words.some((word) => !word.includes('='))
  if (isNamed) await project.loaded(intent.services, { noDeps: !intent.dependencies, resolveEnvironment: false })
  const entries = words.map((word): [string, string | undefined] =>
    word.includes('=') ? splitOnce(word, '=') : [word, project.variable(word)],
  )
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined))
}
