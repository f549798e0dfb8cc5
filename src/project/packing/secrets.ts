import { StackError, unwrap } from '../../diagnostics/checked.ts'
import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import type { Loaded } from '../../load/loaded.ts'
import { usedVariables } from '../../load/variable/used-variables.ts'
import { readVariables } from '../../load/variable/variables.ts'
import type { PackedSecret } from '../../pack/types.ts'
import { namesSecret } from '../../stack/secret-names.ts'
import type { Project } from '../project.ts'
import { shownPath } from './roots.ts'

/** The secrets that a stack uses, by name: the user who unpacks it supplies their values. Sorted. */
export async function secretsOf(project: Project, loaded: Loaded): Promise<PackedSecret[]> {
  const { stack, variableOf, sensitive, sources } = loaded
  const declared = Object.entries(stack.secrets).flatMap(([name, { file }]): PackedSecret[] => {
    const variable = variableOf('secrets', name)
    if (variable !== undefined) return [{ name, from: 'environment', place: variable }]
    return file === undefined ? [] : [{ name, from: 'file', place: shownPath(file, loaded) }]
  })
  const { input, directory } = await project.files()
  const known = sensitive.known ?? sensitive.values
  const variables = usedVariables(sources, unwrap(readVariables(input, project.disk, directory)))
    .filter(({ name, value }) => value && (namesSecret(name) || known.has(value)))
    .filter(({ name }) => !declared.some(({ from, place }) => from === 'environment' && place === name))
    .map(({ name }): PackedSecret => ({ name, from: 'variable', place: name }))
  return [...declared, ...variables].sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** The stack's own files go in as they are: throws a StackError if one holds the value of a secret. Env files are blanked. */
export function refuseSecretsIn({ sources, sensitive }: Loaded, envs: ReadonlySet<string>): void {
  const problems = [...sources].flatMap(([file, text]) => {
    if (envs.has(file)) return []
    const lines = text.split('\n')
    return lines.flatMap((line, at): Diagnostic[] => {
      const isSecret = [...sensitive.values].some((value) => line.includes(value))
      return isSecret ? [holdsSecret(file, at + 1)] : []
    })
  })
  if (problems.length > 0) throw new StackError(problems)
}

function holdsSecret(file: string, line: number): Diagnostic {
  const hint = 'move its value to .env or to a file under `secrets`: a pack holds only its name'
  return error('pack-failed', `line ${line} of ${foreign(file)} holds a secret, which must not go into a pack`, {
    hint,
  })
}
