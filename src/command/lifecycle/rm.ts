import { REMOVE, type RemoveIntent } from '../../backend/intent.ts'
import { defineCommand } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import type { Flags } from '../../cli/flag.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { planIntent } from '../../project/converge.ts'
import { wantedFor } from '../../project/wanted.ts'
import { kindOf, shortName } from '../../stack/address.ts'
import { runVerb, services } from '../shared/verb.ts'

const FLAGS = {
  force: { type: 'boolean', short: 'f', description: 'Do not ask for confirmation' },
  stop: { type: 'boolean', short: 's', description: 'Stop running containers first, and remove them too' },
  volumes: { type: 'boolean', short: 'v', description: 'Remove their anonymous volumes too: their data is lost' },
  all: { type: 'boolean', short: 'a', hidden: true, description: 'Accepted for compatibility; see ps -a' },
} as const satisfies Flags

export const command = defineCommand({
  name: 'rm',
  summary: 'Remove stopped containers',
  description: 'Asks for confirmation, unless -f is given. Networks and named volumes stay.',
  examples: [
    { command: 'flotilla rm', does: 'Remove the stopped containers, after confirmation.' },
    { command: 'flotilla rm -fs web', does: 'Stop and remove one service, without confirmation.' },
    { command: 'flotilla --dry-run rm -s', does: 'Show what would be removed.' },
  ],
  flags: FLAGS,
  positionals: services('Services whose containers are removed'),
  async run(context, { flags: { force, stop, volumes }, args }) {
    const intent = { ...REMOVE, services: args, stop, volumes }
    if (force || context.globals.dryRun) return runVerb(context, intent)
    const only = await confirmed(context, intent)
    if (only !== undefined) return runVerb(context, { ...intent, only })
    ;(await context.view()).say('Nothing was removed')
    return 0
  },
})

/** The ids of the containers that the user confirms for removal: containers that stop while the question is open are not included. */
async function confirmed(context: Context, intent: RemoveIntent): Promise<string[] | undefined> {
  const { project } = context
  const { plan, warnings } = await planIntent(project, await wantedFor(project, intent))
  await project.warn(warnings)
  const removals = plan.steps.filter(({ verb, subject }) => verb === 'remove' && kindOf(subject) !== 'volume')
  if (removals.length === 0) return []
  const names = [...new Set(removals.map(({ subject }) => shortName(subject)))].sort().join(', ')
  const { ask } = context.host
  if (!ask) throw new StackError([unasked(names)])
  await context.flush()
  const answer = await ask(`Remove ${names}? [y/N] `, context.signal)
  return /^y(es)?$/i.test(answer.trim()) ? removals.flatMap(({ action }) => idIn(action)) : undefined
}

function unasked(names: string) {
  const hint = 'use -f to remove them without confirmation'
  return error('usage', `${names} would be removed, and there is no terminal to ask for confirmation`, { hint })
}

function idIn(action: unknown): string[] {
  const container =
    typeof action === 'object' && action !== null && 'container' in action ? action.container : undefined
  return typeof container === 'string' ? [container] : []
}
