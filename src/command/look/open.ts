import { defineCommand } from '../../cli/command.ts'
import type { Flags } from '../../cli/flag.ts'
import { printLines } from '../../cli/show.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import type { Endpoint } from '../../project/endpoint/endpoint.ts'
import { endpointsIn } from '../../project/endpoint/find.ts'
import { pagesIn } from '../../project/endpoint/page.ts'
import { namedReplicas } from '../../project/named-replicas.ts'

const FLAGS = {
  port: {
    type: 'number',
    value: 'PORT',
    description: 'Port in the container whose page to open (default: the first page)',
  },
  print: { type: 'boolean', description: 'Print the address, and open no browser' },
} as const satisfies Flags

export const command = defineCommand({
  name: 'open',
  summary: "Open a service's page in the browser",
  description:
    'Also prints the address. On a machine without a browser, it does nothing else. The address of Jupyter contains its token.',
  examples: [
    { command: 'flotilla open jupyter', does: 'Open JupyterLab, already logged in.' },
    {
      command: 'flotilla open web --port 8080 --print',
      does: 'Only print the address of the page on port 8080 of the container.',
    },
  ],
  documentation: 'README.md#use-it',
  flags: FLAGS,
  positionals: [{ name: 'SERVICE', required: true, description: 'Service whose page to open' }],
  async run(context, { flags, args: [service = ''] }) {
    const [project, reader] = await Promise.all([context.project.existingName(), context.project.reader()])
    const listed = await reader.list(project, { all: false }, context.signal)
    const replicas = (await namedReplicas(context.project, listed, [service])).filter((replica) => !replica.oneoff)
    const pages = pagesIn(await endpointsIn(context.project, replicas, false))
    const page = pages.find(({ port }) => flags.port === undefined || port === `${flags.port}/tcp`)
    if (!page) throw new StackError([noPage(service, pages, flags.port)])
    printLines(context, [page.host])
    if (!flags.print && !context.globals.dryRun) await context.host.openBrowser?.(page.host)
    return 0
  },
})

function noPage(service: string, pages: readonly Endpoint[], wanted: number | undefined): Diagnostic {
  const ports = pages.map(({ port }) => port.replace('/tcp', '')).join(', ')
  const hint = ports
    ? `it has pages on port ${ports}`
    : `${ownCommand(`endpoints ${service}`)} lists what it publishes, and ${ownCommand('ps')} whether it runs`
  const where = wanted === undefined ? '' : ` on port ${wanted}`
  return error('usage', `service "${service}" publishes no page for a browser${where}`, { hint })
}
