import { capabilityOf } from '../../backend/capability.ts'
import type { Replica } from '../../backend/read/containers.ts'
import { defineCommand } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import { printTable } from '../../cli/show.ts'
import { BackendError } from '../../diagnostics/backend-error.ts'
import { namedReplicas } from '../../project/named-replicas.ts'
import { redactCommand } from '../../redact/redact.ts'
import type { Loss } from '../../view/fitted-table.ts'
import { saidIn } from './ps-open.ts'

/** A process: its values by column title. */
type Process = ReadonlyMap<string, string>

/** The last column, since it is the widest. */
const COMMAND = 'CMD'

export const command = defineCommand({
  name: 'top',
  summary: "List the processes in a stack's containers",
  examples: [{ command: 'flotilla top web', does: 'The processes of one service.' }],
  flags: {},
  positionals: [{ name: 'SERVICE', variadic: true, description: 'Services to look at; by default all' }],
  async run(context, { args }) {
    const [project, reader] = await Promise.all([context.project.existingName(), context.project.reader()])
    const listed = await reader.list(project, { all: false }, context.signal)
    const replicas = await namedReplicas(context.project, listed, args)
    const processes = (await Promise.all(replicas.map((each) => processesOf(context, each)))).flat()
    if (processes.length === 0) return 0
    const titles = titlesOf(processes)
    printTable(
      context,
      titles,
      processes.map((each) => titles.map((title) => each.get(title) ?? '-')),
      LOSSES,
    )
    return 0
  },
})

/** For the columns of `ps -ef`, which engines list. */
const LOSSES: readonly Loss[] = [
  ...['C', 'TTY', 'STIME', 'PPID'].map((title): Loss => ['drop', title]),
  ['cut', COMMAND],
  ['drop', 'TIME'],
  ['drop', 'UID'],
]

/** Empty for a container that has ended in the meantime. */
async function processesOf(context: Context, { id, service, number, oneoff }: Replica): Promise<Process[]> {
  const reader = await context.project.reader()
  const found = await capabilityOf(reader, 'look')
    .processes(id, context.signal)
    .catch((thrown) => {
      if (thrown instanceof BackendError && (thrown.kind === 'gone' || thrown.kind === 'conflict')) return undefined
      throw thrown
    })
  const own: [string, string][] = [
    ['SERVICE', service],
    ['#', oneoff ? 'oneoff' : String(number)],
  ]
  return (found?.processes ?? []).map((values) => {
    return new Map([...own, ...values.map((value, at): [string, string] => named(found?.titles[at] ?? '', value))])
  })
}

/** Masks secrets: commands may contain them. */
function named(title: string, value: string): [string, string] {
  return [title, title === COMMAND ? redactCommand(value, saidIn(value)) : value]
}

/** Column titles in order of first appearance. */
function titlesOf(processes: readonly Process[]): string[] {
  const titles = new Set(processes.flatMap((each) => [...each.keys()]))
  return titles.delete(COMMAND) ? [...titles, COMMAND] : [...titles]
}
