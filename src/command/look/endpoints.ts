import { defineCommand } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import type { Flags } from '../../cli/flag.ts'
import { printJson, printTableOrList } from '../../cli/show.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import { namedReplicas } from '../../project/named-replicas.ts'
import type { Endpoint } from './endpoint/endpoint.ts'
import { endpointsIn } from './endpoint/find.ts'

const FLAGS = {
  format: { type: 'string', value: 'FORMAT', choices: ['table', 'json'], description: 'How to print' },
  'show-secrets': { type: 'boolean', description: 'Show passwords' },
} as const satisfies Flags

const HEADINGS = ['SERVICE', 'KIND', 'FROM THIS MACHINE', 'FROM OTHER CONTAINERS']

export const command = defineCommand({
  name: 'endpoints',
  summary: 'Print URLs and connection strings of published ports',
  description: [
    'Prints one line for every port that a running container publishes, to paste into a browser or a client. Jupyter URLs contain their',
    'token; passwords are hidden unless --show-secrets is given.',
  ].join(' '),
  examples: [
    { command: 'flotilla endpoints', does: 'Show where everything can be reached.' },
    { command: 'flotilla endpoints --show-secrets postgis', does: 'The whole connection string of one database.' },
  ],
  documentation: 'README.md#use-it',
  flags: FLAGS,
  positionals: [{ name: 'SERVICE', variadic: true, description: 'Services to print; by default all' }],
  async run(context, { flags, args }) {
    const [project, reader] = await Promise.all([context.project.existingName(), context.project.reader()])
    const listed = await reader.list(project, { all: false }, context.signal)
    const replicas = (await namedReplicas(context.project, listed, args)).filter((replica) => !replica.oneoff)
    const endpoints = await endpointsIn(context, replicas, flags.showSecrets)
    if (endpoints.length === 0) await explainNothing(context, project)
    if (flags.format === 'json') printJson(context, endpoints)
    else if (endpoints.length > 0) printTableOrList(context, HEADINGS, endpoints.map(rowOf))
    if (endpoints.some(({ hint }) => hint !== undefined))
      (await context.view()).say(`passwords are hidden; ${ownCommand('endpoints --show-secrets')} shows them`)
    return 0
  },
})

async function explainNothing(context: Context, project: string): Promise<void> {
  const view = await context.view()
  view.say(`no running container of project ${project} publishes a port`)
}

function rowOf({ container, kind, host, inside }: Endpoint): string[] {
  return [container.replace(/-1$/, ''), kind, host, inside]
}
