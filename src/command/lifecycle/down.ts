import { DOWN, type DownIntent } from '../../backend/intent.ts'
import { defineCommand, type Input } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import type { Flags } from '../../cli/flag.ts'
import { type Diagnostic, warning } from '../../diagnostics/diagnostic.ts'
import type { Plan } from '../../plan/plan.ts'
import { type OrphanChoice, orphanChoice } from '../../project/load/orphans.ts'
import { wantedFor } from '../../project/wanted.ts'
import { printsAsCompose, runOrPreview } from '../shared/run-or-preview.ts'
import { PLAN_FLAGS } from '../shared/up-flags.ts'

const FLAGS = {
  volumes: { type: 'boolean', short: 'v', description: "Remove the stack's volumes too: their data is lost" },
  rmi: {
    type: 'string',
    value: 'WHICH',
    choices: ['all', 'local'],
    description: 'Remove images too: all that the services use, or only those that were built for them',
  },
  'remove-orphans': PLAN_FLAGS['remove-orphans'],
  timeout: {
    type: 'duration',
    short: 't',
    value: 'SECONDS',
    description: 'Grace period before a container is killed (default: its stop_grace_period)',
  },
} as const satisfies Flags

export const command = defineCommand({
  name: 'down',
  summary: 'Stop and remove containers and networks; volumes stay',
  description:
    'Without a usable stack file, removes all containers and networks that are labelled with the project name.',
  examples: [
    { command: 'flotilla down', does: 'Take the stack down and keep its data.' },
    { command: 'flotilla down -v', does: 'Take it down and delete its volumes.' },
    { command: 'flotilla down --rmi local', does: 'Take it down and remove the images that were built for it.' },
    { command: 'flotilla -p lab down', does: 'Take a project down from any directory, without its file.' },
  ],
  flags: FLAGS,
  positionals: [{ name: 'SERVICE', variadic: true, description: 'Services to remove; by default the whole stack' }],
  async run(context, { flags, args }) {
    const { project } = context
    const load = async () => {
      const orphans = await orphanChoice(project, flags.removeOrphans)
      return wantedFor(project, intentOf(flags, args, orphans))
    }
    const { code, plan } = await runOrPreview(context, { command: 'down', load })
    if (printsAsCompose(context) && isNamedOnly(context)) await project.warn(nothingToRemove(plan))
    return code
  },
})

/** Whether `docker compose` would go by the project's name alone, without its files (cmd/compose/compose.go, projectOrName). */
function isNamedOnly({ project: { source } }: Context): boolean {
  return source.projectName !== undefined && source.file.length === 0
}

/** As `docker compose` warns; other views print that there is nothing to do. */
function nothingToRemove({ stack, steps, notes }: Plan<unknown>): Diagnostic[] {
  if (steps.length > 0 || notes.length > 0) return []
  return [warning('no-container', `No resource found to remove for project "${stack}".`)]
}

function intentOf(
  { volumes, rmi, timeout }: Input<typeof FLAGS>['flags'],
  services: string[],
  orphans: OrphanChoice,
): DownIntent {
  const all = { ...DOWN, services, volumes, ...orphans, ...(rmi && { images: rmi }) }
  return timeout === undefined ? all : { ...all, timeout }
}
