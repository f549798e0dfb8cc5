import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import type { Project } from '../project.ts'
import { projectVariables } from './variables.ts'

/** The treatment of containers whose service is no longer declared. */
export interface OrphanChoice {
  removeOrphans: boolean
  /** Do not mention them. */
  ignoreOrphans?: true
}

/** `--remove-orphans`, else COMPOSE_REMOVE_ORPHANS; COMPOSE_IGNORE_ORPHANS. The variables may also be set in `.env`. */
export async function orphanChoice(project: Project, flag?: boolean): Promise<OrphanChoice> {
  const [variable, { isEnabled }] = await Promise.all([setting(project), import('../../load/variable/variables.ts')])
  const removeOrphans = flag ?? isEnabled(variable('COMPOSE_REMOVE_ORPHANS'))
  return { removeOrphans, ...(isEnabled(variable('COMPOSE_IGNORE_ORPHANS')) && { ignoreOrphans: true }) }
}

/** The same for commands that bring containers up. Throws a StackError if orphans should be both removed and ignored. */
export async function clearOrphanChoice(project: Project, flag: boolean | undefined): Promise<OrphanChoice> {
  const choice = await orphanChoice(project, flag)
  if (choice.removeOrphans && choice.ignoreOrphans) throw new StackError([both(flag === true)])
  return choice
}

/** Looks up a variable in the environment, then among the project's variables. */
async function setting(project: Project): Promise<(name: string) => string | undefined> {
  const variable = await projectVariables(project)
  return (name) => project.runtime.env[name] ?? variable(name)
}

function both(byFlag: boolean) {
  const other = byFlag ? '--remove-orphans' : 'COMPOSE_REMOVE_ORPHANS'
  return error('usage', `COMPOSE_IGNORE_ORPHANS and ${other} exclude each other`)
}
