import type { Replica } from '../../backend/read/containers.ts'
import type { Reader } from '../../backend/reader.ts'
import { defineCommand } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import type { Flags } from '../../cli/flag.ts'
import { printJson, printTableOrList } from '../../cli/show.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { namedReplicas } from '../../project/named-replicas.ts'
import type { Stack } from '../../stack/model.ts'
import { type Credentials, type Endpoint, endpointsOf } from './endpoint/endpoint.ts'
import { mountedAt } from './endpoint/secret-file.ts'

const FLAGS = {
  format: { type: 'string', value: 'FORMAT', choices: ['table', 'json'], description: 'How to print' },
  'show-secrets': { type: 'boolean', description: 'Show passwords' },
} as const satisfies Flags

const HEADINGS = ['SERVICE', 'KIND', 'FROM THIS MACHINE', 'FROM OTHER CONTAINERS']

export const command = defineCommand({
  name: 'endpoints',
  summary: 'Print URLs and connection strings of published ports',
  description: [
    'One line for every port that a running container publishes, to paste into a browser or a client. Jupyter URLs contain their',
    'token; passwords are hidden unless --show-secrets is given.',
  ].join(' '),
  examples: [
    { command: 'flotilla endpoints', does: 'Show where everything can be reached.' },
    { command: 'flotilla endpoints --show-secrets postgis', does: 'The whole connection string of one database.' },
  ],
  flags: FLAGS,
  positionals: [{ name: 'SERVICE', variadic: true, description: 'Services to print; by default all' }],
  async run(context, { flags, args }) {
    const [project, reader] = await Promise.all([context.project.existingName(), context.project.reader()])
    const listed = await reader.list(project, { all: false }, context.signal)
    const replicas = (await namedReplicas(context.project, listed, args)).filter((replica) => !replica.oneoff)
    const found = await Promise.all(replicas.map((replica) => endpointsIn(context, reader, replica, flags.showSecrets)))
    const endpoints = found.flat()
    if (endpoints.length === 0) await explainNothing(context, project)
    if (flags.format === 'json') printJson(context, endpoints)
    else if (endpoints.length > 0) printTableOrList(context, HEADINGS, endpoints.map(rowOf))
    if (endpoints.some(({ hint }) => hint !== undefined))
      (await context.view()).say('passwords are hidden; flotilla endpoints --show-secrets shows them')
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

async function endpointsIn(
  context: Context,
  reader: Reader,
  replica: Replica,
  showSecrets: boolean,
): Promise<Endpoint[]> {
  if (!replica.ports.some((port) => port.published !== undefined)) return []
  const env = environmentOf(await reader.environment(replica.id, context.signal))
  const wantsFiles = showSecrets && [...env.keys()].some((name) => name.endsWith('_FILE'))
  const stack = wantsFiles ? await stackIfAny(context) : undefined
  const credentials: Credentials = {
    env,
    showSecrets,
    fileContent: (path) => stack && contentAt(context, stack, replica.service, path),
  }
  return endpointsOf(replica, credentials)
}

function environmentOf(lines: readonly string[]): Map<string, string> {
  return new Map(lines.map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)]))
}

/** Endpoints come from the engine; without a sound stack file only the passwords in files stay unknown. */
async function stackIfAny(context: Context): Promise<Stack | undefined> {
  try {
    return (await context.project.loaded()).stack
  } catch (thrown) {
    if (thrown instanceof StackError) return undefined
    throw thrown
  }
}

/** The content of a file in a container, where the stack declares it; without the newline that editors add. */
function contentAt(context: Context, stack: Stack, service: string, path: string): string | undefined {
  const key = mountedAt(stack, service, path)
  const content = key && context.project.contentOf(key)
  return content ? new TextDecoder().decode(content).replace(/\r?\n$/, '') : undefined
}
