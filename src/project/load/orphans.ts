import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import type { Project } from '../project.ts'
import { projectVariables } from './variables.ts'

/** How containers are treated whose service the stack no longer declares. */
export interface OrphanChoice {
  removeOrphans: boolean
  /** They are not mentioned either. */
  ignoreOrphans?: true
}

/** `--remove-orphans`, else COMPOSE_REMOVE_ORPHANS; COMPOSE_IGNORE_ORPHANS. The variables may stand in `.env` too. */
export async function orphanChoice(project: Project, flag?: boolean): Promise<OrphanChoice> {
  const [variable, { isEnabled }] = await Promise.all([setting(project), import('../../load/variable/variables.ts')])
  const removeOrphans = flag ?? isEnabled(variable('COMPOSE_REMOVE_ORPHANS'))
  return { removeOrphans, ...(isEnabled(variable('COMPOSE_IGNORE_ORPHANS')) && { ignoreOrphans: true }) }
}

/** The same for commands that bring containers up. Throws StackError where orphans are both to be removed and to be ignored. */
export async function clearOrphanChoice(project: Project, flag: boolean | undefined): Promise<OrphanChoice> {
  const choice = await orphanChoice(project, flag)
  if (choice.removeOrphans && choice.ignoreOrphans) throw new StackError([both(flag === true)])
  return choice
}

/** A variable of this environment, or of the project's. */
async function setting(project: Project): Promise<(name: string) => string | undefined> {
  const variable = await projectVariables(project)
  return (name) => project.runtime.env[name] ?? variable(name)
}

function both(byFlag: boolean) {
  const other = byFlag ? '--remove-orphans' : 'COMPOSE_REMOVE_ORPHANS'
  return error('usage', `COMPOSE_IGNORE_ORPHANS and ${other} exclude each other`)
}
