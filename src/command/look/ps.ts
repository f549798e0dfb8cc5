import type { ReplicaDetails } from '../../backend/read/containers.ts'
import { CONTAINER_STATES, isAlive } from '../../backend/state.ts'
import { defineCommand, type Input } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import type { Flags } from '../../cli/flag.ts'
import { printLines, printTable, printWords } from '../../cli/show.ts'
import { declaredServices, namedReplicas } from '../../project/named-replicas.ts'
import { table } from '../../view/table.ts'
import type { RowFormat } from '../../view/template/row-format.ts'
import { FORMAT_FLAG, rowFormat } from '../shared/row-format.ts'
import { statesOf, unknownStates } from './ps-filter.ts'
import { withoutSecrets } from './ps-open.ts'
import { PS_LIST, PS_LOSSES, psRow } from './ps-row.ts'

const FLAGS = {
  all: { type: 'boolean', short: 'a', description: 'Include stopped containers, and those created by flotilla run' },
  quiet: { type: 'boolean', short: 'q', description: 'Only container ids' },
  services: { type: 'boolean', description: 'Only the names of services' },
  format: FORMAT_FLAG,
  status: {
    type: 'list',
    value: 'STATUS',
    suggestions: CONTAINER_STATES,
    description: 'Only containers in this state (running, exited, …); may be repeated',
  },
  filter: {
    type: 'list',
    value: 'KEY=VALUE',
    suggestions: CONTAINER_STATES.map((state) => `status=${state}`),
    description: 'Only some containers: status=STATUS',
  },
  'no-trunc': { type: 'boolean', description: 'Do not shorten commands, ids and mounts' },
  orphans: {
    type: 'boolean',
    negatable: true,
    description: 'Include containers of services that the stack no longer declares (default)',
  },
} as const satisfies Flags

type PsInput = Input<typeof FLAGS>

/** The default columns by field name; ENGINE is only added if a container has one. */
const COLUMNS = ['Name', 'Image', 'Command', 'Service', 'RunningFor', 'Status', 'Ports']

export const command = defineCommand({
  name: 'ps',
  summary: "List a stack's containers",
  description: [
    'A Go template is evaluated for each container: {{.Name}}, {{.State}}, {{json .Publishers}}, {{if .Health}}…{{end}}. Its fields are those',
    'of --format json.',
  ].join(' '),
  examples: [
    { command: 'flotilla ps', does: 'Running containers.' },
    { command: 'flotilla ps -a --format json', does: 'All containers, one JSON object per line.' },
    { command: "flotilla ps --format 'table {{.Name}}\\t{{.Ports}}'", does: 'Some columns.' },
    { command: 'flotilla -p lab ps -q web', does: 'Container ids of one service of a project, from any directory.' },
  ],
  flags: FLAGS,
  positionals: [{ name: 'SERVICE', variadic: true, description: 'Services to list; by default all' }],
  async run(context, input) {
    const { flags } = input
    const states = statesOf(flags)
    await context.project.warn(unknownStates(states))
    const format = await rowFormat(context, flags.format, PS_LIST, 'psFormat')
    const shown = await chosen(context, input, states)
    const ids = shown.map(({ id }) => id)
    if (flags.quiet) printLines(context, ids)
    else if (flags.services) printLines(context, [...new Set(shown.map(({ service }) => service))])
    else await print(context, shown, format, flags.noTrunc)
    return 0
  },
})

async function chosen(
  context: Context,
  { flags, args }: PsInput,
  states: readonly string[],
): Promise<ReplicaDetails[]> {
  const [project, reader] = await Promise.all([context.project.existingName(), context.project.reader()])
  const all = flags.all || states.length > 0 || args.length > 0
  const listed = await reader.details(project, { all }, context.signal)
  const listable = listed.filter((replica) => flags.all || !replica.oneoff)
  const named = await namedReplicas(context.project, listable, args)
  const declared = flags.orphans === false && args.length === 0 ? await declaredServices(context.project, []) : []
  const ours = declared.length > 0 ? named.filter(({ service }) => declared.includes(service)) : named
  return ours.filter((replica) => {
    return states.length > 0 ? states.includes(replica.state) : flags.all || isAlive(replica)
  })
}

async function print(
  context: Context,
  shown: readonly ReplicaDetails[],
  format: RowFormat | undefined,
  whole: boolean,
): Promise<void> {
  const opened = await withoutSecrets(context, shown, format)
  const rows = opened.map((replica) => psRow(replica, context.host.wallTime(), whole))
  if (format) return context.print(format.text(rows))
  const columns = shown.some(({ engine }) => engine) ? [...COLUMNS, 'Engine'] : COLUMNS
  const headings = columns.map((column) => PS_LIST.headings[column] ?? '')
  const cells = rows.map(({ fields }) => columns.map((column) => String(fields[column])))
  if (whole) printWords(context, table(headings, cells))
  else printTable(context, headings, cells, PS_LOSSES)
}
