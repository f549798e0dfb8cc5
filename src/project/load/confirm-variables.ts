import type { Intent } from '../../backend/intent.ts'
import { StackError, unwrap } from '../../diagnostics/checked.ts'
import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import type { UsedVariable } from '../../load/variable/used-variables.ts'
import type { Project } from '../project.ts'

/** Intents that send what the stack declares to an engine. */
const SENDING: readonly Intent['kind'][] = ['up', 'run', 'build', 'pull', 'push']

/**
 * Asks the user before a stack of another place uses variables of this machine, which may be secrets. Throws a StackError if the user
 * does not agree, or cannot be asked.
 */
export async function confirmVariables(project: Project, { kind }: Pick<Intent, 'kind'>): Promise<void> {
  const { folders } = project.fetched
  if (folders.length === 0 || !SENDING.includes(kind)) return
  const isRemote = (file: string) => project.fetched.has(file)
  const variables = await variablesOf(project, isRemote)
  const ofThisMachine = variables.filter(({ from }) => from !== undefined && !isRemote(from))
  if (ofThisMachine.length === 0) return
  if (!project.confirm) throw new StackError([unasked(ofThisMachine)])
  if (!(await project.confirm(variables))) throw new StackError([declined()])
}

/** The project's own name is no secret. */
async function variablesOf(project: Project, isRemote: (file: string) => boolean): Promise<UsedVariable[]> {
  const [{ sources }, { input, directory }, { usedVariables }, { readVariables }] = await Promise.all([
    project.loaded(),
    project.files(),
    import('../../load/variable/used-variables.ts'),
    import('../../load/variable/variables.ts'),
  ])
  const variables = unwrap(readVariables(input, project.disk, directory))
  const texts = [...sources].filter(([file]) => isRemote(file))
  return usedVariables(texts, variables).filter(({ name }) => name !== 'COMPOSE_PROJECT_NAME')
}

function unasked(variables: readonly UsedVariable[]): Diagnostic {
  const names = variables.map(({ name }) => name).join(', ')
  const message = `the stack comes from elsewhere, would use variables of this machine (${names}), and there is no terminal to ask`
  return error('remote-unconfirmed', message, { hint: 'agree with -y, or unset them' })
}

function declined(): Diagnostic {
  return error('remote-unconfirmed', 'the stack is left alone: it may not use variables of this machine')
}
