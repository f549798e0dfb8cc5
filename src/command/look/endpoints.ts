import { defineCommand } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import type { Flags } from '../../cli/flag.ts'
import { printJson, printTableOrList } from '../../cli/show.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import type { Endpoint } from '../../project/endpoint/endpoint.ts'
import { endpointsOfServices } from '../../project/endpoint/find.ts'

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
    const endpoints = await endpointsOfServices(context.project, args, flags.showSecrets)
    if (endpoints.length === 0) await explainNothing(context)
    if (flags.format === 'json') printJson(context, endpoints)
    else if (endpoints.length > 0) printTableOrList(context, HEADINGS, endpoints.map(rowOf))
    if (endpoints.some(({ hint }) => hint !== undefined))
      (await context.view()).say(`passwords are hidden; ${ownCommand('endpoints --show-secrets')} shows them`)
    return 0
  },
})

async function explainNothing(context: Context): Promise<void> {
  const [view, project] = await Promise.all([context.view(), context.project.existingName()])
  view.say(`no running container of project ${project} publishes a port`)
}

function rowOf({ container, kind, host, inside }: Endpoint): string[] {
  return [container.replace(/-1$/, ''), kind, host, inside]
}
