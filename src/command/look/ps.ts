import type { Replica } from '../../backend/read/containers.ts'
import { isAlive } from '../../backend/state.ts'
import { defineCommand } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import type { Flags } from '../../cli/flag.ts'
import { printFittingTable, printLines } from '../../cli/show.ts'
import { namedReplicas } from '../../project/named-replicas.ts'
import { redactCommand } from '../../redact/redact.ts'
import { SHORTEST } from '../../redact/whole-word.ts'
import { type Sensitive, secretsInText } from '../../stack/sensitive.ts'
import { jsonText } from '../../view/redact/visible.ts'
import { psData, psRow } from './ps-row.ts'

const FLAGS = {
  all: { type: 'boolean', short: 'a', description: 'Include stopped containers, and those of run' },
  quiet: { type: 'boolean', short: 'q', description: 'Only container ids' },
  services: { type: 'boolean', description: 'Only the names of services' },
  format: {
    type: 'string',
    value: 'FORMAT',
    choices: ['table', 'json'],
    description: 'How to print; json prints one object per line',
  },
  status: {
    type: 'list',
    value: 'STATUS',
    description: 'Only containers in this state (running, exited, …); may be repeated',
  },
  'no-trunc': { type: 'boolean', description: 'Print commands in full' },
  orphans: { type: 'boolean', hidden: true, negatable: true, description: 'Accepted for compatibility' },
} as const satisfies Flags

const HEADINGS = ['NAME', 'IMAGE', 'COMMAND', 'SERVICE', 'CREATED', 'STATUS', 'PORTS']

export const command = defineCommand({
  name: 'ps',
  summary: "List a stack's containers",
  examples: [
    { command: 'flotilla ps', does: 'Running containers.' },
    { command: 'flotilla ps -a --format json', does: 'All containers, one JSON object per line.' },
    { command: 'flotilla -p lab ps -q web', does: 'Container ids of one service of a project, from any directory.' },
  ],
  flags: FLAGS,
  positionals: [{ name: 'SERVICE', variadic: true, description: 'Services to list; by default all' }],
  async run(context, { flags, args }) {
    const [project, reader] = await Promise.all([context.project.existingName(), context.project.reader()])
    const all = flags.all || flags.status.length > 0 || args.length > 0
    const listed = await reader.list(project, { all }, context.signal)
    const listable = listed.filter((replica) => flags.all || !replica.oneoff)
    const shown = (await namedReplicas(context.project, listable, args)).filter((replica) => {
      return flags.status.length > 0 ? flags.status.includes(replica.state) : flags.all || isAlive(replica)
    })
    const printed =
      flags.quiet || flags.services ? shown : await Promise.all(shown.map((each) => opened(context, each)))
    if (flags.quiet)
      printLines(
        context,
        shown.map((replica) => replica.id),
      )
    else if (flags.services) printLines(context, servicesOf(shown))
    else if (flags.format === 'json')
      printLines(
        context,
        printed.map((replica) => jsonText(psData(replica, project))),
      )
    else
      printFittingTable(
        context,
        HEADINGS,
        printed.map((replica) => psRow(replica, context.host.wallTime(), flags.noTrunc)),
        flags.noTrunc ? [] : ['CREATED', 'COMMAND'],
        flags.noTrunc ? [] : ['PORTS', 'IMAGE', 'STATUS', 'SERVICE', 'NAME'],
      )
    return 0
  },
})

/** A container that may hold secrets is inspected. */
async function opened(context: Context, replica: Replica): Promise<Replica> {
  const { id, hasSecrets, command } = replica
  const reader = await context.project.reader()
  const looked = hasSecrets === false ? undefined : await reader.openCommand(id, context.signal)
  return { ...replica, command: looked ?? redactCommand(command, saidIn(command)) }
}

function saidIn(command: string): Sensitive {
  const known = new Set(secretsInText(command))
  return { values: new Set([...known].filter((each) => each.length >= SHORTEST)), paths: new Set(), known }
}

function servicesOf(replicas: readonly Replica[]): string[] {
  return [...new Set(replicas.map((replica) => replica.service))]
}
