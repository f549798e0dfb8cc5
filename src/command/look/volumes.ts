import { capabilityOf } from '../../backend/capability.ts'
import type { VolumeFacts } from '../../backend/read/look.ts'
import { defineCommand } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import type { Flags } from '../../cli/flag.ts'
import { printLines, printTable } from '../../cli/show.ts'
import { namedReplicas } from '../../project/named-replicas.ts'
import { redactDeep } from '../../redact/redact.ts'
import { NOTHING_SENSITIVE } from '../../stack/sensitive.ts'
import type { RowList } from '../../view/template/row-format.ts'
import { Row } from '../../view/template/value.ts'
import { FORMAT_FLAG, rowFormat } from '../shared/row-format.ts'
import { labelMethod, listText } from './ps-row.ts'

const FLAGS = {
  quiet: { type: 'boolean', short: 'q', description: 'Only names' },
  format: FORMAT_FLAG,
} as const satisfies Flags

/** Uses the field names of docker's own lists (cli/command/formatter/volume.go of docker/cli). */
const LIST: RowList = {
  headings: {
    ...{ Driver: 'DRIVER', Name: 'VOLUME NAME', Scope: 'SCOPE', Mountpoint: 'MOUNTPOINT', Labels: 'LABELS' },
    ...{ Links: 'LINKS', Size: 'SIZE', Status: 'STATUS', Availability: 'AVAILABILITY', Group: 'GROUP' },
  },
  table: '{{.Driver}}\t{{.Name}}',
}

export const command = defineCommand({
  name: 'volumes',
  summary: "List a stack's volumes",
  description: 'Lists only volumes that exist.',
  examples: [
    { command: 'flotilla volumes', does: 'All volumes of the project.' },
    { command: 'flotilla volumes -q db', does: 'The names of those that db uses.' },
    { command: "flotilla volumes --format '{{.Name}} {{.Mountpoint}}'", does: 'Where the engine keeps them.' },
  ],
  flags: FLAGS,
  positionals: [{ name: 'SERVICE', variadic: true, description: 'Services whose volumes to list; by default all' }],
  async run(context, { flags, args }) {
    const format = await rowFormat(context, flags.format, LIST)
    const volumes = await usedBy(context, args)
    if (flags.quiet)
      printLines(
        context,
        volumes.map(({ name }) => name),
      )
    else if (format) context.print(format.text(volumes.map(rowOf)))
    else
      printTable(
        context,
        ['DRIVER', 'VOLUME NAME'],
        volumes.map(({ driver, name }) => [driver, name]),
        [['drop', 'DRIVER']],
      )
    return 0
  },
})

/** The project's volumes that containers of the services mount; all if no service is named. */
async function usedBy(context: Context, services: readonly string[]): Promise<VolumeFacts[]> {
  const [project, reader] = await Promise.all([context.project.existingName(), context.project.reader()])
  const volumes = capabilityOf(reader, 'look').volumes(project, context.signal)
  if (services.length === 0) return volumes
  const listed = await reader.details(project, { all: true }, context.signal)
  const replicas = await namedReplicas(context.project, listed, services)
  const used = new Set(replicas.flatMap(({ mounts }) => mounts.map(({ volume }) => volume)))
  return (await volumes).filter(({ name }) => used.has(name))
}

/** The fields with N/A are only known to swarms and `docker system df`. */
function rowOf({ name, driver, scope, mountpoint, labels: reported }: VolumeFacts): Row {
  const labels = redactDeep(reported, NOTHING_SENSITIVE)
  const unknown = { Links: 'N/A', Size: 'N/A', Status: 'N/A', Availability: 'N/A', Group: 'N/A' }
  const known = { Name: name, Driver: driver, Scope: scope, Mountpoint: mountpoint, Labels: listText(labels) }
  return new Row({ ...known, ...unknown }, { Label: labelMethod(labels) })
}
